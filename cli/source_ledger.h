// What one run of `ibid index` knows of the files below its PATHs (roots, by number): which of them
// a key came from, which files gave documents of their own name and which gave others, and what
// could not be read. It tells what --prune must keep and what --watch must read again.
//
//   SourceLedger ledger(2, "news/");          // roots, what stands before every key
//   ledger.BeginRoot(0);
//   ledger.BeginFile("a.txt");                // of a folder; for each document then:
//   const std::optional<size_t> earlier = ledger.Add("news/a.txt");  // root that has the key
//   ledger.EndRoot();
//
// Memory: some 20 bytes a key, the paths of files that gave documents of other names, those of
// unread ones. Belongs to one thread.
#ifndef IBID_CLI_SOURCE_LEDGER_H_
#define IBID_CLI_SOURCE_LEDGER_H_

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/seen_keys.h"
#include "indexer/source/source.h"

namespace ibid::cli {

// By number of the root: paths relative to it (empty: all of it).
using PathsByRoot = std::map<size_t, std::set<std::string>>;

// Whether a folder above `path` is among `paths`.
bool IsBelowAnother(const std::set<std::string>& paths, const std::string& path);

class SourceLedger {
 public:
  SourceLedger(size_t num_roots, std::string key_prefix);

  // ---- While reading ---------------------------------------------------------------------------

  // What follows is of that root, which is read for the first time or again, all or a part of it.
  void BeginRoot(size_t root);
  // The root is a folder, and this file is read next.
  void BeginFile(const std::string& path);
  // The next document of the file. The root whose key it is, where that is another one: the
  // document is to be left out, and waits until Remove sets the key free.
  std::optional<size_t> Add(const std::string& key);
  void Note(const SourceProblem& problem);
  // The root was read to its end.
  void EndRoot();

  // ---- What is known ---------------------------------------------------------------------------

  bool Has(std::string_view key) const { return keys_.Contains(key); }
  // Whether the key came as that of a document in a file of another name, and whether it came both
  // in such a file and in the file of its name.
  bool IsOwnKey(std::string_view key) const { return keys_.IsOwn(key); }
  bool IsShared(std::string_view key) const { return keys_.IsShared(key); }
  // The file of that name was read and holds no document of its name.
  bool IsNameless(size_t root, std::string_view key) const;
  // Something of the root could not be read: it may hold any key.
  bool IsUnread(size_t root) const { return !roots_[root].unread.empty(); }
  // Whether a change of `paths` wants all of the root read again. Documents with keys of their own
  // may come from several files, of which the last one counts: only all of them together tell.
  bool NeedsAll(size_t root, const std::set<std::string>& paths) const;
  // Likewise since, behind the last call, two files gave one key which no file had given before.
  bool TakeKeysMet() { return std::exchange(keys_met_, false); }

  // ---- Changes ---------------------------------------------------------------------------------

  void Forget(size_t root);
  // What could not be read at `path` or below it (empty: anywhere) is about to be read again.
  void ForgetUnread(size_t root, const std::string& path);
  // The document is removed from the index.
  void Remove(const std::string& key);
  // That path is to be read again.
  void Free(size_t root, const std::string& path) { freed_[root].insert(path); }
  // What waited for keys that were removed since the last call, and what Free was told.
  PathsByRoot TakeFreed() { return std::exchange(freed_, {}); }

 private:
  struct Root {
    std::set<std::string> unread;
    std::set<std::string> id_files;               // gave documents of other names
    std::set<std::string, std::less<>> nameless;  // keys
  };
  struct File {
    std::string path;  // empty: none, or no file of a folder
    bool gave_itself = false;
    bool gave_others = false;
    bool had_problem = false;
    bool is_empty = false;
    bool is_unread = false;
  };
  void EndFile();

  const std::string key_prefix_;
  std::vector<Root> roots_;
  SeenKeys keys_;
  size_t root_ = 0;
  File file_;
  bool keys_met_ = false;
  std::map<std::string, std::set<std::pair<size_t, std::string>>, std::less<>> waiting_;  // by key
  PathsByRoot freed_;
};

}  // namespace ibid::cli

#endif  // IBID_CLI_SOURCE_LEDGER_H_
