#include "indexer/document_check.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "common/base/strings.h"
#include "ibid/limits.h"

namespace ibid {
namespace {

TEST(CheckDocument, RefusesEmptyAndTooLongKeys) {
  Document document;
  EXPECT_EQ(MessageOf(CheckDocument(document)), "document without a key");
  document.key = std::string(kMaxKeyBytes, 'k');
  EXPECT_TRUE(CheckDocument(document).ok());
  document.key += 'k';
  EXPECT_EQ(MessageOf(CheckDocument(document)), "key of 4,097 bytes, limit 4,096");
}

TEST(CheckDocument, RefusesADocumentOverTheLimit) {
  Document document;
  document.key = "k";
  document.text = std::string(kMaxDocumentBytes - 1, 'x');
  EXPECT_TRUE(CheckDocument(document).ok());
  document.title = "x";
  EXPECT_EQ(MessageOf(CheckDocument(document)),
            "k: document of 67,108,865 bytes, limit 67,108,864");
}

TEST(RepairText, ReplacesMalformedBytesEverywhereButInTheKey) {
  Document document;
  document.key = "k\xff";
  document.title = "a\xff";
  document.text =
      "b\xfe"
      "c";
  document.source = "plain";
  document.fields = {{.name = "f", .values = {std::string("\xff"), int64_t{1}}}};
  EXPECT_EQ(RepairText(&document), 3u);
  EXPECT_EQ(document.key, "k\xff");
  EXPECT_EQ(document.title, "a\xef\xbf\xbd");
  EXPECT_EQ(document.text,
            "b\xef\xbf\xbd"
            "c");
  EXPECT_EQ(std::get<std::string>(document.fields[0].values[0]), "\xef\xbf\xbd");
  EXPECT_EQ(RepairText(&document), 0u);
}

TEST(FingerprintOf, TellsApartWhatIsNotTheSameDocument) {
  std::vector<Document> documents(12);
  documents[1].title = "x";
  documents[2].text = "x";
  documents[3].date = "x";
  documents[4].source = "x";
  documents[5].fields = {{.name = "x", .values = {}}};
  documents[6].fields = {{.name = "x", .values = {std::string("1")}}};
  documents[7].fields = {{.name = "x", .values = {int64_t{1}}}};
  documents[8].fields = {{.name = "x", .values = {1.0}}};
  documents[9].fields = {{.name = "x", .values = {int64_t{1}, int64_t{1}}}};
  documents[10].text = "xx";
  documents[11].text = std::string("x\0", 2);
  std::set<uint64_t> fingerprints;
  for (const Document& document : documents) fingerprints.insert(FingerprintOf(document));
  EXPECT_EQ(fingerprints.size(), documents.size());
}

TEST(FingerprintOf, IgnoresTheKey) {
  Document a, b;
  a.key = "a";
  b.key = "b";
  EXPECT_EQ(FingerprintOf(a), FingerprintOf(b));
}

}  // namespace
}  // namespace ibid
