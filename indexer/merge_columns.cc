#include "indexer/merge_columns.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "common/base/byte_writer.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/front_coded.h"
#include "indexer/distinct_reals.h"
#include "indexer/ordinal_maps.h"
#include "indexer/text_column_merge.h"

namespace ibid {
namespace {

// Bytes of columns, and documents of a changed order, after which pages are let go.
constexpr uint64_t kLetGoBytes = uint64_t{4} << 20;
constexpr uint32_t kLetGoDocs = 1 << 18;
constexpr size_t kAppendBytes = size_t{64} << 10;

// A column of one input.
struct Source {
  size_t input = 0;
  const ColumnReader* reader = nullptr;
};

struct MergedColumn {
  std::optional<StoredColumnType> listed;  // the type that it has by now
  std::vector<Source> sources;
};

absl::StatusOr<StoredColumnType> TypeOf(const std::string& name, const MergedColumn& column) {
  StoredColumnType type = column.listed.value_or(column.sources[0].reader->type());
  const auto widens = [](StoredColumnType from, StoredColumnType to) {
    return from == StoredColumnType::kInteger && to == StoredColumnType::kReal;
  };
  if (!column.listed) {
    for (const Source& source : column.sources) {
      if (widens(type, source.reader->type())) type = source.reader->type();
    }
  }
  for (const Source& source : column.sources) {
    const StoredColumnType own = source.reader->type();
    if (own != type && !widens(own, type)) {
      return absl::InvalidArgumentError(StrCat("column ", name, " has two types"));
    }
  }
  return type;
}

class ColumnMerger {
 public:
  ColumnMerger(const std::vector<MergeInput>& inputs, const std::vector<DocMap>& maps,
               const ColumnMergeOptions& options, ColumnStreamWriter* out)
      : inputs_(inputs), maps_(maps), options_(options), out_(out) {
    if (options.reorder) places_ = PlacesInNewOrder(maps);
  }

  absl::Status Merge(const std::string& name, StoredColumnType type,
                     const std::vector<Source>& sources) {
    name_ = &name;
    type_ = type;
    sources_ = &sources;
    facts_ = {};
    switch (type) {
      case StoredColumnType::kText:
        return MergeTextColumn();
      case StoredColumnType::kReal:
        return MergeReals();
      default:
        return MergeIntegers();
    }
  }

 private:
  uint32_t num_docs() const { return maps_.back().end(); }

  // Calls visit(source, cursor, new document) for each document that has values, in the new order.
  template <typename Visit>
  absl::Status ForEachDoc(const Visit& visit) {
    if (options_.reorder) return ForEachDocInOrder(visit);
    for (uint32_t i = 0; i < sources_->size(); ++i) {
      const Source& source = (*sources_)[i];
      const DocMap& map = maps_[source.input];
      ColumnCursor cursor(source.reader);
      for (DocId doc = 0; doc < map.num_docs(); ++doc) {
        const DocId to = map(doc);
        if (to == kNoMoreDocs) continue;
        RETURN_IF_ERROR(cursor.Seek(doc));
        if (cursor.num_values() > 0) RETURN_IF_ERROR(visit(i, cursor, to));
      }
      CountRead(source.reader->size_bytes());
    }
    return absl::OkStatus();
  }

  template <typename Visit>
  absl::Status ForEachDocInOrder(const Visit& visit) {
    constexpr uint32_t kNoSource = UINT32_MAX;
    std::vector<uint32_t> source_of(inputs_.size(), kNoSource);
    std::vector<ColumnCursor> cursors;
    for (uint32_t i = 0; i < sources_->size(); ++i) {
      source_of[(*sources_)[i].input] = i;
      cursors.emplace_back((*sources_)[i].reader);
    }
    for (DocId to = 0; to < places_.size(); ++to) {
      if (to % kLetGoDocs == kLetGoDocs - 1) LetGo(inputs_, {SectionId::kColumns});
      const uint32_t i = source_of[places_[to].input];
      if (i == kNoSource) continue;
      RETURN_IF_ERROR(cursors[i].Seek(places_[to].doc));
      if (cursors[i].num_values() > 0) RETURN_IF_ERROR(visit(i, cursors[i], to));
    }
    LetGo(inputs_, {SectionId::kColumns});
    return absl::OkStatus();
  }

  void CountRead(uint64_t bytes) {
    read_bytes_ += bytes;
    if (read_bytes_ < kLetGoBytes) return;
    LetGo(inputs_, {SectionId::kColumns});
    read_bytes_ = 0;
  }

  // Goes through the values for the first time, taking down what they are like:
  // take(source, cursor, i).
  template <typename Take>
  absl::Status Survey(const Take& take) {
    return ForEachDoc([&](uint32_t source, const ColumnCursor& cursor, DocId) -> absl::Status {
      facts_.num_values += cursor.num_values();
      facts_.single = facts_.single && cursor.num_values() == 1;
      for (uint32_t i = 0; i < cursor.num_values(); ++i) {
        RETURN_IF_ERROR(take(source, cursor, i));
      }
      return absl::OkStatus();
    });
  }

  // Writes the values behind the dictionary: code_of(source, cursor, i).
  template <typename CodeOf>
  absl::Status WriteValues(const CodeOf& code_of) {
    const ColumnForm form = out_->BeginValues(facts_, num_docs());
    RETURN_IF_ERROR(
        ForEachDoc([&](uint32_t source, const ColumnCursor& cursor, DocId to) -> absl::Status {
          for (uint32_t i = 0; i < cursor.num_values(); ++i) {
            ASSIGN_OR_RETURN(const uint64_t code, code_of(source, cursor, i));
            out_->AddCode(to, code);
          }
          return absl::OkStatus();
        }));
    if (form == ColumnForm::kList) {
      RETURN_IF_ERROR(ForEachDoc([&](uint32_t, const ColumnCursor& cursor, DocId to) {
        for (uint32_t i = 0; i < cursor.num_values(); ++i) out_->AddDoc(to);
        return absl::OkStatus();
      }));
    }
    return out_->EndColumn();
  }

  absl::Status MergeTextColumn() {
    std::vector<TextSource> texts;
    for (const Source& source : *sources_) {
      texts.push_back({.column = source.reader, .used = {}});
      const DocMap& map = maps_[source.input];
      if (map.num_live() == map.num_docs()) continue;
      texts.back().used.resize(source.reader->num_ordinals());
    }
    RETURN_IF_ERROR(
        Survey([&](uint32_t source, const ColumnCursor& cursor, uint32_t i) -> absl::Status {
          ASSIGN_OR_RETURN(const uint32_t ordinal, cursor.Ordinal(i));
          std::vector<bool>& used = texts[source].used;
          if (!used.empty()) used[ordinal] = true;
          return absl::OkStatus();
        }));
    if (facts_.num_values == 0) return absl::OkStatus();
    OrdinalMaps ordinals(options_.env, StrCat(options_.temporary, "_ordinals.tmp"), texts.size(),
                         options_.memory_bytes);
    RETURN_IF_ERROR(MergeDictionaries(&texts, &ordinals));
    return WriteValues(
        [&](uint32_t source, const ColumnCursor& cursor, uint32_t i) -> absl::StatusOr<uint64_t> {
          ASSIGN_OR_RETURN(const uint32_t old, cursor.Ordinal(i));
          return ordinals.Find(source, old);
        });
  }

  absl::Status MergeDictionaries(std::vector<TextSource>* texts, OrdinalMaps* ordinals) {
    FrontCodedWriter dictionary(FrontCodedForm::kWithOriginal, out_->BeginColumn(*name_, type_));
    ASSIGN_OR_RETURN(
        facts_.num_ordinals,
        MergeTexts(
            *texts, [this] { LetGo(inputs_, {SectionId::kColumns}); }, ordinals, &dictionary));
    dictionary.Finish();
    texts->clear();
    facts_.largest_code = std::max(facts_.num_ordinals, 1u) - 1;
    return ordinals->Finish();
  }

  absl::Status MergeReals() {
    DistinctReals reals(options_.env, options_.temporary, options_.memory_bytes);
    RETURN_IF_ERROR(Survey([&](uint32_t, const ColumnCursor& cursor, uint32_t i) -> absl::Status {
      ASSIGN_OR_RETURN(const double real, cursor.Real(i));
      return reals.Add(real);
    }));
    if (facts_.num_values == 0) return absl::OkStatus();
    RETURN_IF_ERROR(reals.Finish());
    if (reals.size() > UINT32_MAX) {
      return absl::ResourceExhaustedError(StrCat("column ", *name_, ": too many different reals"));
    }
    facts_.num_ordinals = static_cast<uint32_t>(reals.size());
    facts_.largest_code = reals.size() - 1;
    AppendReals(reals, out_->BeginColumn(*name_, type_));
    return WriteValues(
        [&](uint32_t, const ColumnCursor& cursor, uint32_t i) -> absl::StatusOr<uint64_t> {
          ASSIGN_OR_RETURN(const double real, cursor.Real(i));
          return reals.Find(real);
        });
  }

  absl::Status MergeIntegers() {
    int64_t first = 0, least = INT64_MAX, greatest = INT64_MIN;
    uint64_t unit = 0, seen = 0;  // unit: divides the distance of any two values
    RETURN_IF_ERROR(Survey([&](uint32_t, const ColumnCursor& cursor, uint32_t i) -> absl::Status {
      ASSIGN_OR_RETURN(const int64_t integer, cursor.Integer(i));
      if (seen++ == 0) first = integer;
      least = std::min(least, integer);
      greatest = std::max(greatest, integer);
      const uint64_t distance = Distance(first, integer);
      if (unit == 0 || distance % unit != 0) unit = std::gcd(unit, distance);
      return absl::OkStatus();
    }));
    if (facts_.num_values == 0) return absl::OkStatus();
    facts_.base = least;
    facts_.unit = std::max<uint64_t>(unit, 1);
    facts_.largest_code = Distance(least, greatest) / facts_.unit;
    out_->BeginColumn(*name_, type_);
    return WriteValues(
        [&](uint32_t, const ColumnCursor& cursor, uint32_t i) -> absl::StatusOr<uint64_t> {
          ASSIGN_OR_RETURN(const int64_t integer, cursor.Integer(i));
          return Distance(least, integer) / facts_.unit;
        });
  }

  static uint64_t Distance(int64_t a, int64_t b) {
    const uint64_t difference = static_cast<uint64_t>(b) - static_cast<uint64_t>(a);
    return a <= b ? difference : 0 - difference;
  }

  static void AppendReals(const DistinctReals& reals, SectionBuffer* out) {
    ByteWriter bytes;
    for (uint64_t i = 0; i < reals.size(); ++i) {
      bytes.U64(std::bit_cast<uint64_t>(reals.Get(i)));
      if (bytes.size() < kAppendBytes && i + 1 < reals.size()) continue;
      out->Append(bytes.view());
      bytes.Clear();
    }
  }

  const std::vector<MergeInput>& inputs_;
  const std::vector<DocMap>& maps_;
  const ColumnMergeOptions& options_;
  ColumnStreamWriter* out_;
  uint64_t read_bytes_ = 0;       // since pages were let go
  std::vector<DocPlace> places_;  // by new document, where the order changes

  // Of the column being merged.
  const std::string* name_ = nullptr;
  StoredColumnType type_ = StoredColumnType::kText;
  const std::vector<Source>* sources_ = nullptr;
  ColumnFacts facts_;
};

}  // namespace

absl::Status MergeColumns(const std::vector<MergeInput>& inputs, const std::vector<DocMap>& maps,
                          const ColumnMergeOptions& options, ColumnStreamWriter* out) {
  std::map<std::string, MergedColumn> columns;
  for (size_t i = 0; i < inputs.size(); ++i) {
    for (const ColumnReader& reader : inputs[i].segment->columns().columns()) {
      columns[reader.name()].sources.push_back({.input = i, .reader = &reader});
    }
  }
  for (const auto& [name, type] : options.columns) {
    const auto found = columns.find(name);
    if (found != columns.end()) found->second.listed = type;
  }
  ColumnMerger merger(inputs, maps, options, out);
  for (const auto& [name, column] : columns) {
    ASSIGN_OR_RETURN(const StoredColumnType type, TypeOf(name, column));
    RETURN_IF_ERROR(merger.Merge(name, type, column.sources));
  }
  return absl::OkStatus();
}

}  // namespace ibid
