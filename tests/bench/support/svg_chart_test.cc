#include "bench/support/svg_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libxml/parser.h>

#include <string>
#include <vector>

namespace ibid::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

bool IsWellFormedXml(const std::string& text) {
  xmlDocPtr document = xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                                     XML_PARSE_NOERROR | XML_PARSE_NONET);
  xmlFreeDoc(document);
  return document != nullptr;
}

TEST(SvgChart, LogarithmicMarksArePowersOfTen) {
  EXPECT_THAT(AxisMarks(1, 1000, true), ElementsAre(1, 10, 100, 1000));
}

TEST(SvgChart, LinearMarksAreRoundNumbersWithinTheAxis) {
  EXPECT_THAT(AxisMarks(0, 1, false), ElementsAre(0, 0.2, 0.4, testing::DoubleEq(0.6), 0.8, 1));
  EXPECT_THAT(AxisMarks(0, 47, false), ElementsAre(0, 10, 20, 30, 40));
}

TEST(SvgChart, NumbersAreShort) {
  EXPECT_EQ(ShortNumber(0.5), "0.5");
  EXPECT_EQ(ShortNumber(10), "10");
  EXPECT_EQ(ShortNumber(2000), "2k");
  EXPECT_EQ(ShortNumber(1.5e6), "1.5M");
}

TEST(SvgChart, DrawsAPathASeriesAndNamesEachOnce) {
  const Panel union_panel{
      .title = "union <2>",
      .x_label = "us",
      .log_x = true,
      .series = {{.name = "ibid", .points = {{10, 0.5}, {100, 1}}, .steps = true},
                 {.name = "other", .points = {{20, 1}}, .steps = true}}};
  const std::string svg =
      RenderSvg({.title = "Latency & more", .subtitle = "\"x\""}, {union_panel, union_panel});
  EXPECT_TRUE(IsWellFormedXml(svg)) << svg;
  EXPECT_THAT(svg, HasSubstr("union &lt;2&gt;"));
  size_t paths = 0, names = 0;
  for (size_t at = 0; (at = svg.find("<path", at)) != std::string::npos; ++at) ++paths;
  for (size_t at = 0; (at = svg.find(">ibid<", at)) != std::string::npos; ++at) ++names;
  EXPECT_EQ(paths, 4u);
  EXPECT_EQ(names, 1u);
}

TEST(SvgChart, ManySeriesAreToldApartAndTheirNamesStayOnThePaper) {
  Panel panel;
  for (int i = 0; i < 12; ++i) {
    panel.series.push_back(
        {.name = "a long name " + std::to_string(i), .points = {{1, 1}, {2, 2}}});
  }
  const std::string svg = RenderSvg({.columns = 1}, {panel});
  EXPECT_TRUE(IsWellFormedXml(svg));
  size_t dashed = 0;
  for (size_t at = 0; (at = svg.find("stroke-dasharray", at)) != std::string::npos; ++at) ++dashed;
  EXPECT_EQ(dashed, 10u);  // five of twelve, in the panel and beside their names
  EXPECT_THAT(svg, HasSubstr("width=\"640.0\""));
  EXPECT_THAT(svg, Not(HasSubstr("<line x1=\"6")));
}

TEST(SvgChart, SlowerIsFurtherRight) {
  const Panel panel{.log_x = true,
                    .series = {{.name = "a", .points = {{1, 1}, {10, 2}, {100, 3}}}}};
  const std::string svg = RenderSvg({}, {panel});
  // The axis runs from 52 to 316: a third of a decade each.
  EXPECT_THAT(svg, HasSubstr("d=\"M52.0 "));
  EXPECT_THAT(svg, HasSubstr("L184.0 "));
  EXPECT_THAT(svg, HasSubstr("L316.0 "));
}

TEST(SvgChart, WhatALogarithmCannotShowIsLeftOut) {
  const Panel panel{.log_x = true, .series = {{.name = "a", .points = {{0, 1}, {-5, 1}}}}};
  const std::string svg = RenderSvg({}, {panel});
  EXPECT_TRUE(IsWellFormedXml(svg));
  EXPECT_THAT(svg, HasSubstr("no data"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace ibid::bench
