// comment_keeper.cpp - which node a comment belongs to.
#include "frontend/parse/comment_keeper.h"

namespace tick {

CommentKeeper::CommentKeeper(const Tokens &tokens)
    : tokens_(tokens), pending_(tokens.size()), last_(tokens.before(tokens.size() - 1)) {
  for (size_t i = 1; i < tokens.size(); ++i) pending_[i] = !tokens.is_comment(i) && tokens.is_comment(i - 1);
}

std::optional<ast::Comment> CommentKeeper::take(size_t i) {
  if (!pending_[i]) return std::nullopt;
  pending_[i] = false;
  return tokens_.comment_before(i);
}

void CommentKeeper::keep_rest(size_t first, size_t last, ast::Node *node) {
  for (size_t i = first; i <= last; ++i)
    if (i != last_) Append(take(i), &node->comment);
}

std::optional<ast::Comment> CommentKeeper::at_end() {
  std::optional<ast::Comment> comment;
  if (last_ != Tokens::kNone) comment = take(last_);
  std::optional<ast::Comment> final_comment = take(tokens_.size() - 1);
  // Two comments in a row are read back as one with a blank line in it.
  if (comment && final_comment) comment->lines.push_back({true, ""});
  Append(std::move(final_comment), &comment);
  return comment;
}

void Append(std::optional<ast::Comment> more, std::optional<ast::Comment> *comment) {
  if (!more) return;
  if (!*comment) comment->emplace();
  for (ast::Comment::Line &line : more->lines) (*comment)->lines.push_back(std::move(line));
}

ast::Node *PrintedFirst(ast::Node *node) {
  while (node->kind == ast::Kind::Chain) node = static_cast<ast::ChainNode *>(node)->left.get();
  return node;
}

std::optional<ast::Comment> TakeLeading(ast::Node *node) {
  std::optional<ast::Comment> found;
  while (node) {
    if (node->kind == ast::Kind::Chain) {  // prints its comment behind its left side
      node = static_cast<ast::ChainNode *>(node)->left.get();
      continue;
    }
    Append(std::move(node->comment), &found);
    node->comment.reset();
    node = node->kind == ast::Kind::Binary ? static_cast<ast::BinaryNode *>(node)->left.get() : nullptr;
  }
  return found;
}

}  // namespace tick
