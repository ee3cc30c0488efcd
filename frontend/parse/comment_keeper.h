// comment_keeper.h - which node a comment belongs to.
//
// In: tokens, and the builder's requests to take the comment before a token. Out: comments on nodes, such that
// printing them there cannot change what the script means. Kapacitor drops comments in some places (language.md
// 2.4); those go to the link of the chain or the statement they stand in.
#pragma once

#include "frontend/ast/ast.h"
#include "frontend/parse/tokens.h"

namespace tick {

class CommentKeeper {
 public:
  explicit CommentKeeper(const Tokens &tokens);

  // The comment before token `i`, once.
  std::optional<ast::Comment> take(size_t i);
  // Gives `node` what nobody took of the comments before the tokens first to last.
  void keep_rest(size_t first, size_t last, ast::Node *node);
  // The comments at the end of the script, as the reference keeps them: before the last token and before EOF.
  std::optional<ast::Comment> at_end();

 private:
  const Tokens &tokens_;
  std::vector<bool> pending_;  // a comment stands before the token and nobody took it
  size_t last_;                // the last token that is neither comment nor EOF
};

// Adds `more` behind `comment`.
void Append(std::optional<ast::Comment> more, std::optional<ast::Comment> *comment);
// The node whose comment is printed first of all that `node` prints.
ast::Node *PrintedFirst(ast::Node *node);
// Takes every comment that would be printed before the first token of `node`: right behind `=`, `=~` and `!~` the
// lexer would read `//` as an empty regex.
std::optional<ast::Comment> TakeLeading(ast::Node *node);

}  // namespace tick
