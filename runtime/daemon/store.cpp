// store.cpp - the store on SQLite.
#include "runtime/daemon/store.h"

#include <sqlite3.h>

namespace tick {
namespace {

constexpr int kSchema = 2;
constexpr int kApplicationId = 0x5449434b;  // "TICK" in the file's header: tells our files from others
constexpr const char *kCreate =
    "CREATE TABLE IF NOT EXISTS objects(kind TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(kind, id)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS topic_states(topic TEXT NOT NULL, id TEXT NOT NULL, level INTEGER NOT NULL, time INTEGER NOT NULL,"
    " duration INTEGER NOT NULL, message TEXT NOT NULL, details TEXT NOT NULL, PRIMARY KEY(topic, id)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS deliveries(handler TEXT NOT NULL, number INTEGER NOT NULL, event BLOB NOT NULL,"
    " PRIMARY KEY(handler, number)) WITHOUT ROWID;";

}  // namespace

// A prepared statement with its texts bound; finalized at the end, or kept in `kept` for the next use.
struct Store::Statement {
  Statement(sqlite3 *db, const char *sql) { sqlite3_prepare_v2(db, sql, -1, &statement, nullptr); }
  Statement(sqlite3 *db, const char *sql, sqlite3_stmt **kept) : kept(true) {
    if (!*kept) sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, kept, nullptr);
    statement = *kept;
  }
  ~Statement() {
    if (!kept) sqlite3_finalize(statement);
    else if (statement) sqlite3_reset(statement);
  }
  Statement &text(int at, std::string_view value) {
    if (statement) sqlite3_bind_text(statement, at, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Statement &blob(int at, std::string_view value) {
    if (statement) sqlite3_bind_blob(statement, at, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Statement &number(int at, int64_t value) {
    if (statement) sqlite3_bind_int64(statement, at, value);
    return *this;
  }
  int step() { return statement ? sqlite3_step(statement) : SQLITE_ERROR; }
  std::string column(int at) const {
    const void *data = sqlite3_column_blob(statement, at);
    return std::string(static_cast<const char *>(data ? data : ""), static_cast<size_t>(sqlite3_column_bytes(statement, at)));
  }
  // The same into memory that is used again.
  void column(int at, std::string *to) const {
    const void *data = sqlite3_column_blob(statement, at);
    to->assign(static_cast<const char *>(data ? data : ""), static_cast<size_t>(sqlite3_column_bytes(statement, at)));
  }
  int64_t integer(int at) const { return sqlite3_column_int64(statement, at); }
  sqlite3_stmt *statement = nullptr;
  const bool kept = false;
};

std::string Store::failure(const char *what) const {
  int code = sqlite3_errcode(db_);
  std::string text = std::string("cannot ") + what + " " + path_ + ": " + sqlite3_errmsg(db_);
  if (code == SQLITE_FULL) text += "; free space on its disk, nothing was lost";
  if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN) text += "; the daemon must be able to write the file and its folder";
  if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
    text += "; it is left as it is: restore a backup in its place, or move it away to start empty";
  return text;
}

std::string Store::run(const char *sql) {
  return sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK ? "" : failure("use");
}

std::string Store::Open(const std::string &path, std::unique_ptr<Store> *store) {
  std::unique_ptr<Store> opened(new Store(path));
  if (sqlite3_open_v2(path.c_str(), &opened->db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr) != SQLITE_OK)
    return opened->failure("open");
  sqlite3_busy_timeout(opened->db_, 5000);
  std::string error = opened->migrate();
  if (error.empty()) *store = std::move(opened);
  return error;
}

Store::~Store() {
  sqlite3_finalize(put_state_);
  sqlite3_finalize(erase_state_);
  sqlite3_finalize(put_delivery_);
  sqlite3_finalize(erase_delivery_);
  if (db_) sqlite3_close(db_);
}

std::string Store::migrate() {
  int64_t schema = 0, application = 0;
  {
    Statement version(db_, "PRAGMA user_version");
    if (version.step() != SQLITE_ROW) return failure("read");
    schema = version.integer(0);
    Statement id(db_, "PRAGMA application_id");
    if (id.step() == SQLITE_ROW) application = id.integer(0);
    Statement tables(db_, "SELECT count(*) FROM sqlite_master");
    if (tables.step() != SQLITE_ROW) return failure("read");
    if (tables.integer(0) > 0 && application != kApplicationId)
      return path_ + " is another program's database; name another file in [storage], it is left as it is";
  }
  if (schema > kSchema)
    return path_ + " was written by a newer version; use that version, or another file in [storage]";
  std::string error = run("PRAGMA journal_mode=WAL");
  if (error.empty()) error = run("PRAGMA synchronous=FULL");
  if (!error.empty() || schema == kSchema) return error;
  return transaction([&] {
    std::string problem = run(kCreate);
    if (problem.empty()) problem = run(("PRAGMA application_id=" + std::to_string(kApplicationId)).c_str());
    if (problem.empty()) problem = run(("PRAGMA user_version=" + std::to_string(kSchema)).c_str());
    return problem;
  });
}

std::string Store::transaction(const std::function<std::string()> &changes) {
  std::lock_guard lock(mutex_);
  if (!sqlite3_get_autocommit(db_)) return changes();  // inside another one: part of it
  std::string error = run("BEGIN IMMEDIATE");
  if (!error.empty()) return error;
  error = changes();
  if (error.empty()) error = run("COMMIT");
  if (!error.empty() && !sqlite3_get_autocommit(db_)) run("ROLLBACK");
  return error;
}

std::string Store::put(std::string_view kind, std::string_view id, std::string_view value) {
  std::lock_guard lock(mutex_);
  Statement insert(db_, "INSERT OR REPLACE INTO objects VALUES(?,?,?)");
  return insert.text(1, kind).text(2, id).text(3, value).step() == SQLITE_DONE ? "" : failure("write");
}

std::string Store::erase(std::string_view kind, std::string_view id) {
  std::lock_guard lock(mutex_);
  Statement remove(db_, "DELETE FROM objects WHERE kind=? AND id=?");
  return remove.text(1, kind).text(2, id).step() == SQLITE_DONE ? "" : failure("write");
}

std::optional<std::string> Store::get(std::string_view kind, std::string_view id) {
  std::lock_guard lock(mutex_);
  Statement select(db_, "SELECT value FROM objects WHERE kind=? AND id=?");
  if (select.text(1, kind).text(2, id).step() != SQLITE_ROW) return std::nullopt;
  return select.column(0);
}

std::vector<std::pair<std::string, std::string>> Store::list(std::string_view kind) {
  std::lock_guard lock(mutex_);
  std::vector<std::pair<std::string, std::string>> all;
  Statement select(db_, "SELECT id, value FROM objects WHERE kind=? ORDER BY id");
  select.text(1, kind);
  while (select.step() == SQLITE_ROW) all.emplace_back(select.column(0), select.column(1));
  return all;
}

std::string Store::put_topic_state(const TopicState &state) {
  std::lock_guard lock(mutex_);
  Statement insert(db_, "INSERT OR REPLACE INTO topic_states VALUES(?,?,?,?,?,?,?)", &put_state_);
  insert.text(1, state.topic).text(2, state.id).number(3, state.level).number(4, state.time).number(5, state.duration);
  return insert.text(6, state.message).text(7, state.details).step() == SQLITE_DONE ? "" : failure("write");
}

std::string Store::erase_topic_state(std::string_view topic, std::string_view id) {
  std::lock_guard lock(mutex_);
  Statement remove(db_, "DELETE FROM topic_states WHERE topic=? AND id=?", &erase_state_);
  return remove.text(1, topic).text(2, id).step() == SQLITE_DONE ? "" : failure("write");
}

std::string Store::erase_topic(std::string_view topic) {
  std::lock_guard lock(mutex_);
  Statement remove(db_, "DELETE FROM topic_states WHERE topic=?");
  return remove.text(1, topic).step() == SQLITE_DONE ? "" : failure("write");
}

std::string Store::load_topic_states(const std::function<void(const TopicState &)> &each) {
  std::lock_guard lock(mutex_);
  Statement select(db_, "SELECT topic, id, level, time, duration, message FROM topic_states");
  TopicState state;
  int step;
  while ((step = select.step()) == SQLITE_ROW) {
    select.column(0, &state.topic);
    select.column(1, &state.id);
    select.column(5, &state.message);
    state.level = static_cast<int>(select.integer(2));
    state.time = select.integer(3);
    state.duration = select.integer(4);
    each(state);
  }
  return step == SQLITE_DONE ? "" : failure("read");
}

std::string Store::topic_details(std::string_view topic, std::string_view id) {
  std::lock_guard lock(mutex_);
  Statement select(db_, "SELECT details FROM topic_states WHERE topic=? AND id=?");
  return select.text(1, topic).text(2, id).step() == SQLITE_ROW ? select.column(0) : "";
}

void Store::each_topic_details(std::string_view topic, const std::function<void(std::string id, std::string details)> &each) {
  std::lock_guard lock(mutex_);
  Statement select(db_, "SELECT id, details FROM topic_states WHERE topic=?");
  select.text(1, topic);
  while (select.step() == SQLITE_ROW) each(select.column(0), select.column(1));
}

std::string Store::put_delivery(std::string_view key, uint64_t number, std::string_view event) {
  std::lock_guard lock(mutex_);
  Statement insert(db_, "INSERT OR REPLACE INTO deliveries VALUES(?,?,?)", &put_delivery_);
  return insert.text(1, key).number(2, static_cast<int64_t>(number)).blob(3, event).step() == SQLITE_DONE ? "" : failure("write");
}

std::string Store::erase_deliveries(std::string_view key, uint64_t upto) {
  std::lock_guard lock(mutex_);
  Statement remove(db_, "DELETE FROM deliveries WHERE handler=? AND number<=?", &erase_delivery_);
  return remove.text(1, key).number(2, static_cast<int64_t>(upto)).step() == SQLITE_DONE ? "" : failure("write");
}

std::string Store::load_deliveries(const std::function<void(const std::string &key, uint64_t number, const std::string &event)> &each) {
  std::lock_guard lock(mutex_);
  Statement select(db_, "SELECT handler, number, event FROM deliveries ORDER BY handler, number");
  int step;
  while ((step = select.step()) == SQLITE_ROW) each(select.column(0), static_cast<uint64_t>(select.integer(1)), select.column(2));
  return step == SQLITE_DONE ? "" : failure("read");
}

std::string Store::backup(const std::string &path) {
  std::lock_guard lock(mutex_);
  Statement vacuum(db_, "VACUUM INTO ?");
  return vacuum.text(1, path).step() == SQLITE_DONE ? "" : failure("copy");
}

}  // namespace tick
