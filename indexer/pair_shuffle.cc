#include "indexer/pair_shuffle.h"

#include <string_view>
#include <vector>

#include "common/base/status_macros.h"
#include "common/format/byte_scanner.h"

namespace ibid {

absl::Status PairShuffle::Add(std::span<const WordPair> pairs) {
  for (const WordPair& pair : pairs) {
    if (pair.doc != doc_) RETURN_IF_ERROR(EndDocument());
    doc_ = pair.doc;
    record_.Varint32(pair.first);
    record_.Varint32(pair.second);
    record_.Varint32(pair.position);
  }
  return absl::OkStatus();
}

absl::Status PairShuffle::EndDocument() {
  if (record_.size() == 0) return absl::OkStatus();
  RETURN_IF_ERROR(records_->Add(doc_, record_.view()));
  record_.Clear();
  return absl::OkStatus();
}

absl::Status PairShuffle::ForEach(const WordPairVisitor& visit) {
  RETURN_IF_ERROR(EndDocument());
  std::vector<WordPair> pairs;
  return records_->ForEach([&](DocId doc, std::string_view record) -> absl::Status {
    pairs.clear();
    const auto* begin = reinterpret_cast<const uint8_t*>(record.data());
    ByteScanner in(begin, begin + record.size());
    while (!in.empty()) {
      WordPair pair{.doc = doc};
      pair.first = static_cast<uint16_t>(in.Varint());
      pair.second = static_cast<uint16_t>(in.Varint());
      pair.position = static_cast<Position>(in.Varint());
      pairs.push_back(pair);
    }
    return visit(pairs);
  });
}

}  // namespace ibid
