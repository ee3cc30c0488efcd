// change_detect.cpp - `|changeDetect('field', …)`: keeps points whose fields differ from those of the last one kept.
//
// In: points, or batches, each of which begins anew. A field that differs in type differs in value.
#include "runtime/nodes/row_node.h"
#include "runtime/nodes/state_size.h"

namespace tick {
namespace {

// A value that outlives its block.
struct Kept {
  Value value = MakeMissing();
  std::string text;

  bool same(const Value &other) const {
    if (TypeOf(value) != Type::String || TypeOf(other) != Type::String) return SameValue(value, other);
    return text == StringOf(other);
  }
  void set(const Value &other) {
    value = other;
    if (TypeOf(other) == Type::String) text = StringOf(other);
  }
  void exchange(StateArchive &archive) {
    Value now = TypeOf(value) == Type::String ? MakeString(text) : value;
    archive.value(now);
    if (archive.loading()) set(now);
  }
};

struct ChangeDetectState {
  std::vector<Kept> fields;  // of the last point kept; empty: none yet
  void exchange(StateArchive &archive) {
    fields.resize(archive.length(fields.size()));
    for (Kept &field : fields) field.exchange(archive);
  }
};
static_assert(sizeof(ChangeDetectState) == StateSizeOf("changeDetect"));

class ChangeDetectNode final : public RowNodeWith<ChangeDetectState> {
 public:
  ChangeDetectNode(const tick_node &spec, Task &task) : RowNodeWith(spec, task) {
    for (const std::string &name : string_list(spec.args, spec.n_args)) names_.push_back(Intern(name));
  }

 private:
  void begin_batch(Group *group) override { state_of(group).fields.clear(); }

  bool changed(ChangeDetectState &state, const Frame &frame, uint32_t row) {
    for (size_t i = 0; i < names_.size(); ++i) {
      Value value = columns_[i].at(row);
      if (TypeOf(value) == Type::Missing) {
        report(frame, row, "Invalid field in change detect", "expected field " + *names_[i] + " not found");
        continue;
      }
      if (!state.fields.empty() && state.fields[i].same(value)) continue;
      return true;
    }
    return false;
  }

  void pass(Frame &frame, Group *group) override {
    columns_.clear();
    for (Name name : names_) columns_.push_back(frame.column(name));
    Selection kept(task().arena(), frame.rows.size() + 1);
    for (uint32_t row : frame.rows) {
      ChangeDetectState &state = state_of(GroupOf(frame, row, group));
      if (!changed(state, frame, row)) continue;
      kept.add(row);
      state.fields.resize(names_.size());
      for (size_t i = 0; i < names_.size(); ++i) state.fields[i].set(columns_[i].at(row));
    }
    frame.rows = kept.rows();
  }

  std::vector<Name> names_;
  std::vector<Column> columns_;
};

}  // namespace

NodeResult MakeChangeDetect(const tick_node &spec, Task &task) { return MakeAs<ChangeDetectNode>(spec, task); }

}  // namespace tick
