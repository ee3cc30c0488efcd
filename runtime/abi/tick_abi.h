// tick_abi.h - the border between compiled tasks and the runtime, in C.
//
// In: what the compiler writes (a tick_task descriptor: constant data and code). Out: what the runtime
// reads, calls and swaps. A JIT-compiled task and a loaded .so hand over the same structs, so there is
// one path behind this line. Everything a descriptor points at lives as long as its code does.
// Changing any layout or meaning here raises TICK_ABI_VERSION (docs/abi.md).
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TICK_ABI_MAGIC 0x4b434954u /* "TICK" */
#define TICK_ABI_VERSION 1u
#define TICK_TASK_SYMBOL "tick_task_v1"

// The order is that of grammar/types.def.
enum tick_type {
  TICK_MISSING, TICK_BOOL, TICK_INT, TICK_FLOAT, TICK_STRING, TICK_DURATION, TICK_TIME, TICK_REGEX,
  TICK_LAMBDA, TICK_LIST, TICK_STAR, TICK_REFERENCE
};

// Bytes, normally UTF-8, not terminated.
typedef struct tick_string {
  const char *data;
  uint64_t size;
} tick_string;

// The payload of a value; its type is known beside it. Durations are nanoseconds, times nanoseconds since 1970 UTC.
typedef union tick_payload {
  uint8_t b;
  int64_t i;
  double f;
  tick_string s;
  const void *regex; // a compiled regex of the runtime's
} tick_payload;

typedef struct tick_value {
  tick_payload as;
  uint8_t type; // enum tick_type
} tick_value;

// What a lambda's code may use while it runs: memory for the strings it makes, the clock, the zone, the
// text of its last failure. Owned by the runtime, one a worker; opaque to generated code.
typedef struct tick_context tick_context;

// --- lambdas -------------------------------------------------------------------------------------

// The rows a kernel works on. A column holds one element a row, indexed by row number, of the C type of
// the kernel's signature (uint8_t, int64_t, double, tick_string; times and durations int64_t).
typedef struct tick_kernel_args {
  const void *const *columns;     // one a reference of the lambda
  const tick_payload *literals;   // one a literal of the lambda
  const uint32_t *rows;           // row numbers in order; NULL: rows 0 to n - 1
  uint32_t n;
  void *const *states;            // by row number: this lambda's state of the row's group; unused if stateless
  void *out;                      // by row number, the kernel's result type
  uint8_t *errors;                // by row number: 1 where the evaluation failed, 0 elsewhere; written only if may_fail
  tick_context *context;
} tick_kernel_args;

// Evaluates a lambda whose references have the kernel's types in all rows. Returns how many rows failed.
typedef uint32_t (*tick_kernel)(const tick_kernel_args *args);

// What an operator or call of a tagged body needs for its messages (language.md 4.5, 5.1).
typedef struct tick_site {
  const char *name;              // operator spelling or function name
  uint8_t op;                    // tick::Operator for operators; unary: 0 negates, 1 is `!`
  uint8_t n_args;
  const char *const *ref_names;  // one an operand: the reference's name, or NULL where it is no reference
  const char *const *texts;      // one an operand: as "Cannot call function" prints it
  const char *const *scope;      // all references of the lambda: the values in scope
  uint32_t n_scope;
} tick_site;

// Evaluates a lambda over values of any types, one row. `sites` are the task's own tick_lambda.sites: tasks that
// differ in literals and names share the code. Returns 0, or 1 with the context's message set. A lambda that is
// a lone reference gives a missing value as it is.
typedef int32_t (*tick_tagged)(tick_context *context, const tick_value *refs, const tick_payload *literals,
                               const tick_site *sites, void *state, tick_value *out);

typedef struct tick_kernel_entry {
  const uint8_t *types;  // enum tick_type, one a reference
  uint8_t result;        // enum tick_type
  uint8_t may_fail;
  tick_kernel run;
} tick_kernel_entry;

enum tick_lambda_flags {
  TICK_LAMBDA_STATEFUL = 1,  // count, sigma or spread: runs row by row, in order, with the group's state
  TICK_LAMBDA_VOLATILE = 2,  // now or rand: two evaluations may differ
  TICK_LAMBDA_COSTLY = 4     // strings, regexes or calls: worth running on selected rows only
};

typedef struct tick_lambda {
  const char *text;              // canonical TICKscript text without "lambda: "
  const char *const *refs;       // names of fields or tags, "time" for the point's time
  uint32_t n_refs;
  const tick_value *literals;    // regexes hold their pattern as a string; the runtime compiles them at load
  uint32_t n_literals;
  const tick_site *sites;
  uint32_t n_sites;
  const tick_kernel_entry *kernels;  // of the code level chosen; see tick_code
  uint32_t n_kernels;
  tick_tagged tagged;
  uint32_t state_size;           // bytes of state a group, 8-aligned, zero at first
  uint32_t flags;                // enum tick_lambda_flags
} tick_lambda;

// --- the task ------------------------------------------------------------------------------------

typedef struct tick_arg {
  uint8_t type;                  // TICK_LAMBDA: as.i indexes tick_task.lambdas; TICK_LIST: items; TICK_REGEX: pattern in as.s
  tick_payload as;
  const struct tick_arg *items;
  uint32_t n_items;
} tick_arg;

// A property call. `name` is spelled as nodes.md lists it ("period", "crit", "log"). Calls keep their
// order; a property of a handler (".slack().channel('x')") hangs under its handler's call.
typedef struct tick_property {
  const char *name;
  const tick_arg *args;
  uint32_t n_args;
  const struct tick_property *properties;
  uint32_t n_properties;
} tick_property;

typedef struct tick_node {
  const char *kind;              // method that made it: "from", "window", "mean", …; "stream" or "batch" for the source
  const char *name;              // "window2": nodes.md 1.8, 30.1
  const tick_arg *args;          // arguments of the method ("field" of mean, lambdas of eval)
  uint32_t n_args;
  const tick_property *properties;
  uint32_t n_properties;
  const uint32_t *parents;       // indexes into tick_task.nodes; a parent always has a lower index
  uint32_t n_parents;
  const uint32_t *children;      // in declared order
  uint32_t n_children;
  uint8_t wants, provides;       // enum tick_edge
  uint64_t identity;             // equal in two versions of a task where state may be carried over (docs/abi.md)
  const char *const *needs;      // fields that somebody downstream reads from this node's output, sorted
  uint32_t n_needs;
  uint8_t needs_all;             // somebody downstream shows or keeps every field
  uint32_t domain;               // nodes of one domain see the same groups and share their group records
  uint32_t state_offset;         // of this node's state in the group record of its domain
  uint32_t state_size;           // bytes of it; 0: no state a group
  uint32_t line, column;         // of the method's name in the script
} tick_node;

enum tick_edge { TICK_EDGE_NONE, TICK_EDGE_STREAM, TICK_EDGE_BATCH };

typedef struct tick_dbrp {
  const char *database, *retention_policy;
} tick_dbrp;

typedef struct tick_measurement_fields {
  const char *measurement;       // "": any measurement
  const char *const *fields;     // sorted
  uint32_t n_fields;
} tick_measurement_fields;

typedef struct tick_var {
  const char *name, *type, *description;
  const char *value;             // as JSON
} tick_var;

// The x86-64 level some code needs: 1 baseline, 2, 3 (AVX2, FMA, BMI), 4 (AVX-512).
typedef struct tick_code {
  uint32_t level;
  const tick_kernel_entry *const *kernels;  // one array a lambda, parallel to tick_task.lambdas
  const tick_tagged *tagged;                // one a lambda
} tick_code;

typedef struct tick_task {
  uint32_t magic, abi_version;
  uint32_t size;                 // sizeof(tick_task)
  uint8_t type;                  // enum tick_edge: stream or batch
  uint8_t dialect;               // 1 today's, 2 Kapacitor 0.2's
  const tick_dbrp *dbrps;        // dbrp statements of the script; the definition may add others
  uint32_t n_dbrps;
  const tick_node *nodes;        // nodes[0] is the stream or batch source; walk order is by `walk`
  uint32_t n_nodes;
  const uint32_t *walk;          // n_nodes indexes, the order of dot and stats (nodes.md 1.9)
  const tick_lambda *lambdas;    // kernels and tagged are null here (n_kernels is not); they are in each tick_code
  uint32_t n_lambdas;
  const tick_code *codes;        // ascending levels; the loader takes the highest this CPU has
  uint32_t n_codes;
  const tick_measurement_fields *reads;
  uint32_t n_reads;
  const uint32_t *domain_sizes;  // bytes of a group record a domain
  uint32_t n_domains;
  const tick_var *vars;
  uint32_t n_vars;
  const char *script;
  const char *dot;               // of the task when it does not run, with the id left out: what follows "digraph ID"
  uint64_t script_hash;          // of the text
  uint64_t code_hash;            // of everything but literals: equal hashes share code
} tick_task;

#ifdef __cplusplus
}
#endif
