#include "indexer/source/input_buffer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ibid {
namespace {

using testing::ElementsAre;

// Gives at most `chunk` bytes at a time, then fails where `fails`.
class ChunkedStream : public ByteStream {
 public:
  ChunkedStream(std::string_view bytes, size_t chunk, bool fails = false)
      : inner_(bytes), chunk_(chunk), fails_(fails) {}
  absl::StatusOr<size_t> Read(std::span<char> out) override {
    const absl::StatusOr<size_t> n = inner_.Read(out.first(std::min(chunk_, out.size())));
    if (n.ok() && *n == 0 && fails_) return absl::DataLossError("broken");
    return n;
  }

 private:
  StringStream inner_;
  size_t chunk_;
  bool fails_;
};

std::vector<std::string> Lines(std::string_view bytes, size_t chunk, size_t max_bytes = 100) {
  ChunkedStream stream(bytes, chunk);
  InputBuffer input(&stream, max_bytes);
  std::vector<std::string> lines;
  while (true) {
    const auto line = input.ReadLine();
    if (!line.ok() || !line->has_value()) return lines;
    lines.push_back(std::to_string((*line)->line) + ":" +
                    ((*line)->too_long ? "too long" : std::string((*line)->bytes)));
  }
}

TEST(InputBuffer, LinesLoseTheirEnds) {
  for (const size_t chunk : {1u, 2u, 3u, 1000u}) {
    EXPECT_THAT(Lines("a\r\n\nbc\r\nd", chunk), ElementsAre("1:a", "2:", "3:bc", "4:d"));
    EXPECT_THAT(Lines("", chunk), ElementsAre());
    EXPECT_THAT(Lines("a\n", chunk), ElementsAre("1:a"));
  }
}

TEST(InputBuffer, LinesThatAreTooLongArePassedOver) {
  for (const size_t chunk : {1u, 3u, 1000u}) {
    EXPECT_THAT(Lines("aaaaa\nbbbbbb\nc", chunk, 5), ElementsAre("1:aaaaa", "2:too long", "3:c"));
    EXPECT_THAT(Lines("bbbbbb", chunk, 5), ElementsAre("1:too long"));
  }
}

TEST(InputBuffer, TagsAreFoundAcrossChunksInAnyCase) {
  for (const size_t chunk : {1u, 4u, 1000u}) {
    ChunkedStream stream("<doc>\na</DOC>\nb</doc>rest", chunk);
    InputBuffer input(&stream);
    EXPECT_EQ((*input.ReadThroughTag("</doc>"))->bytes, "<doc>\na</DOC>");
    const auto second = *input.ReadThroughTag("</doc>");
    EXPECT_EQ(second->bytes, "\nb</doc>");
    EXPECT_EQ(second->line, 2u);
    const auto rest = *input.ReadThroughTag("</doc>");
    EXPECT_EQ(rest->bytes, "rest");
    EXPECT_FALSE(rest->closed);
    EXPECT_FALSE(input.ReadThroughTag("</doc>")->has_value());
  }
}

TEST(InputBuffer, RecordsThatAreTooLongArePassedOver) {
  const std::string bytes = std::string(50, 'x') + "</doc>short</doc>";
  ChunkedStream stream(bytes, 7);
  InputBuffer input(&stream, 20);
  EXPECT_TRUE((*input.ReadThroughTag("</doc>"))->too_long);
  EXPECT_EQ((*input.ReadThroughTag("</doc>"))->bytes, "short</doc>");
}

TEST(InputBuffer, JsonValuesEndAtTheirClosingBracket) {
  for (const size_t chunk : {1u, 5u, 1000u}) {
    ChunkedStream stream("{\"a\":\"}\\\"\",\n\"b\":[1]}, 12 ]", chunk);
    InputBuffer input(&stream);
    EXPECT_EQ((*input.ReadJsonValue())->bytes, "{\"a\":\"}\\\"\",\n\"b\":[1]}");
    EXPECT_EQ(input.Peek(1), ",");
    input.Skip(1);
    EXPECT_EQ((*input.ReadJsonValue())->bytes, " 12 ");
    EXPECT_EQ(input.line(), 2u);
  }
}

TEST(InputBuffer, WholeLinesBeforeAFaultAreRead) {
  ChunkedStream stream("a\nb", 1, true);
  InputBuffer input(&stream);
  EXPECT_EQ(input.Peek(100), "a\nb");
  EXPECT_EQ((*input.ReadLine())->bytes, "a");
  EXPECT_EQ(input.ReadLine().status(), absl::DataLossError("broken"));
}

TEST(InputBuffer, ReadAllRefusesWhatIsLargerThanTheLimit) {
  StringStream fits("12345");
  EXPECT_EQ(InputBuffer(&fits, 5).ReadAll()->bytes.size(), 5u);
  StringStream larger("123456");
  EXPECT_TRUE(InputBuffer(&larger, 5).ReadAll()->too_long);
}

}  // namespace
}  // namespace ibid
