// parse.cpp - the loop over a script's statements, and where to go on behind a mistake.
//
// In: a script. Out: its tree, or everything that is wrong with its syntax, in the order Kapacitor's parser would
// meet it. Uses one parser at a time in a process: ANTLR's prediction tables are shared and grow while it runs.
#include "frontend/parse/parse.h"

#include <mutex>
#include <optional>

#include "frontend/parse/ast_builder.h"
#include "frontend/parse/dialect.h"
#include "frontend/parse/literals.h"
#include "frontend/parse/statement_reader.h"

namespace tick {
namespace {

constexpr size_t kMaxBytes = 1 << 20;
constexpr size_t kMaxDepth = 200;

std::mutex &GrammarMutex() {
  static std::mutex mutex;
  return mutex;
}

bool IsShortEnough(const Source &source, Diagnostics &diagnostics) {
  if (source.text.size() <= kMaxBytes) return true;
  diagnostics.report(DiagId::ScriptTooLong, {0, 0}, {std::to_string(source.text.size()), std::to_string(kMaxBytes)});
  return false;
}

// Parser and later stages recurse into brackets and unary operators, so their depth is bounded before they run.
bool IsFlatEnough(const Tokens &tokens, Diagnostics &diagnostics) {
  std::vector<size_t> levels;  // unary operators before each open bracket
  size_t unary = 0, depth = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    size_t kind = tokens.kind(i);
    if (kind == TickLexer::LPAREN || kind == TickLexer::LBRACKET) {
      levels.push_back(unary);
      depth += 1;
      unary = 0;
    } else if (kind == TickLexer::MINUS || kind == TickLexer::NOT) {
      unary += 1;
      depth += 1;
    } else if (kind != TickLexer::COMMENT) {
      depth -= unary;
      unary = 0;
      if ((kind == TickLexer::RPAREN || kind == TickLexer::RBRACKET) && !levels.empty()) {
        depth -= 1 + levels.back();
        levels.pop_back();
      }
    }
    if (depth > kMaxDepth) {
      diagnostics.report(DiagId::NestedTooDeep, tokens.range(i), {std::to_string(kMaxDepth)});
      return false;
    }
  }
  return true;
}

// Reports wrong literals in step with syntax errors: Kapacitor stops at whichever comes first.
class LiteralCheck {
 public:
  LiteralCheck(const Tokens &tokens, Diagnostics &diagnostics) : tokens_(tokens), diagnostics_(diagnostics) {}
  void up_to(size_t end) {
    for (; next_ < end; ++next_) CheckLiteral(tokens_, next_, diagnostics_);
  }

 private:
  const Tokens &tokens_;
  Diagnostics &diagnostics_;
  size_t next_ = 0;
};

class ProgramReader {
 public:
  ProgramReader(Tokens &tokens, Diagnostics &diagnostics)
      : tokens_(tokens),
        diagnostics_(diagnostics),
        reader_(tokens),
        builder_(tokens, diagnostics),
        literals_(tokens, diagnostics) {}

  ast::Program read() {
    ast::Program program;
    program.dialect = tokens_.dialect();
    bool broken = false;
    while (!reader_.at_end()) {
      size_t start = reader_.position();
      if (ast::NodePtr node = statement()) {
        // Behind a mistake only what begins a line is sure to be a statement and no rest of the broken one.
        if (!broken || starts_line(start)) program.statements.push_back(std::move(node));
      } else {
        broken = true;
        lose(start);
        report(start);
        while (!go_on_with_links()) {}
      }
    }
    literals_.up_to(tokens_.size());
    if (ast::NodePtr comment = builder_.final_comment()) program.statements.push_back(std::move(comment));
    return program;
  }

  const std::vector<std::string> &lost() const { return lost_; }

 private:
  ast::NodePtr statement() {
    if (tokens_.dialect() == ast::Dialect::Dotted) {
      TickParser::DottedStatementContext *tree = reader_.dotted_statement();
      return tree ? builder_.statement(tree) : nullptr;
    }
    TickParser::StatementContext *tree = reader_.statement();
    return tree ? builder_.statement(tree) : nullptr;
  }

  void lose(size_t start) {
    size_t name = tokens_.after(start);
    if (tokens_.kind(start) == TickLexer::VAR && name != Tokens::kNone) lost_.emplace_back(tokens_.text(name));
  }

  // The failed piece began at token `start`; the next one is looked for behind that.
  void report(size_t start) {
    literals_.up_to(reader_.failure().token);
    ReportSyntaxError(tokens_, reader_.failure(), diagnostics_);
    resume_from(std::max(reader_.failure().token, start + 1));
  }

  void resume_from(size_t token) {
    while (!can_resume_at(token)) ++token;
    reader_.seek(token);
  }

  bool can_resume_at(size_t i) const {
    switch (tokens_.kind(i)) {
      case antlr4::Token::EOF:
      case TickLexer::VAR:
      case TickLexer::DBRP:
        return true;
      case TickLexer::IDENT: return starts_line(i);
      default: return is_link(i) && tokens_.first_on_line(i);
    }
  }

  bool starts_line(size_t i) const { return tokens_.source().position(tokens_.range(i).begin).column == 1; }
  bool is_link(size_t i) const {
    size_t kind = tokens_.kind(i);
    return kind == TickLexer::PIPE || kind == TickLexer::AT || kind == TickLexer::DOT;
  }

  // Behind a mistake: reads links for the mistakes in them. True when a statement begins next; brackets that the
  // mistake left open are passed over in silence.
  bool go_on_with_links() {
    size_t start = reader_.position();
    if (!is_link(start)) {
      if (can_resume_at(start)) return true;
      resume_from(start + 1);
      return false;
    }
    if (!reader_.link()) report(start);
    return false;
  }

  Tokens &tokens_;
  Diagnostics &diagnostics_;
  StatementReader reader_;
  AstBuilder builder_;
  LiteralCheck literals_;
  std::vector<std::string> lost_;
};

}  // namespace

std::unique_ptr<ast::Program> Parse(const Source &source, Diagnostics &diagnostics, DialectChoice choice) {
  size_t errors = diagnostics.error_count();
  std::vector<std::string> lost;
  std::unique_ptr<ast::Program> program = ParseWhatFits(source, diagnostics, choice, &lost);
  return diagnostics.error_count() > errors ? nullptr : std::move(program);
}

std::unique_ptr<ast::Program> ParseWhatFits(const Source &source, Diagnostics &diagnostics, DialectChoice choice,
                                            std::vector<std::string> *lost) {
  if (!IsShortEnough(source, diagnostics)) return nullptr;
  std::lock_guard lock(GrammarMutex());
  std::optional<Tokens> tokens;
  if (choice != DialectChoice::Dotted) tokens.emplace(source, ast::Dialect::Modern);
  if (!tokens || (choice == DialectChoice::Automatic && DetectDialect(*tokens) == ast::Dialect::Dotted))
    tokens.emplace(source, ast::Dialect::Dotted);
  if (!IsFlatEnough(*tokens, diagnostics)) return nullptr;
  ProgramReader reader(*tokens, diagnostics);
  auto program = std::make_unique<ast::Program>(reader.read());
  *lost = reader.lost();
  return program;
}

ast::NodePtr ParseLambda(const Source &source, Diagnostics &diagnostics) {
  if (!IsShortEnough(source, diagnostics)) return nullptr;
  std::lock_guard lock(GrammarMutex());
  Tokens tokens(source, ast::Dialect::Modern);
  size_t errors = diagnostics.error_count();
  if (!IsFlatEnough(tokens, diagnostics)) return nullptr;
  StatementReader reader(tokens);
  LiteralCheck literals(tokens, diagnostics);
  TickParser::LambdaBodyContext *tree = reader.lambda_body();
  literals.up_to(tree ? tokens.size() : reader.failure().token);
  if (!tree) ReportSyntaxError(tokens, reader.failure(), diagnostics);
  if (diagnostics.error_count() > errors) return nullptr;
  ast::NodePtr body = AstBuilder(tokens, diagnostics).lambda_body(tree);
  return diagnostics.error_count() > errors ? nullptr : std::move(body);
}

std::string DumpTokens(const Source &source, DialectChoice choice) {
  std::lock_guard lock(GrammarMutex());
  std::optional<Tokens> tokens(std::in_place, source, ast::Dialect::Modern);
  if (choice == DialectChoice::Dotted ||
      (choice == DialectChoice::Automatic && DetectDialect(*tokens) == ast::Dialect::Dotted))
    tokens.emplace(source, ast::Dialect::Dotted);
  std::string out;
  LineColumn place;
  uint32_t at = 0;
  for (size_t i = 0; i < tokens->size(); ++i) {
    for (; at < tokens->range(i).begin; ++at) {
      place.column += 1;
      if (source.text[at] == '\n') place = {place.line + 1, 1};
    }
    std::string error = LexicalError(*tokens, i);
    out += std::to_string(place.line) + ":" + std::to_string(place.column) + " " +
           std::string(TokenName(tokens->kind(i)));
    if (!error.empty()) out += " (" + error + ")";
    if (!tokens->text(i).empty()) out += " ";
    for (char c : tokens->text(i)) out += c == '\n' ? std::string("\\n") : std::string(1, c);
    out += '\n';
  }
  return out;
}

}  // namespace tick
