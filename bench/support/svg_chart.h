// Charts as self-contained SVG: a grid of panels with lines, made to be looked at in a browser.
//
//   Panel panel{.title = "union", .x_label = "us", .log_x = true};
//   panel.series.push_back({.name = "ibid", .points = {{12, 0.5}, {40, 1}}, .steps = true});
//   WriteTextFile(path, RenderSvg({.title = "Latency", .columns = 1}, {panel}));
//
// A series has the same colour in every panel, by the order in which names first come. Pure
// functions; thread-safe.
#ifndef IBID_BENCH_SUPPORT_SVG_CHART_H_
#define IBID_BENCH_SUPPORT_SVG_CHART_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace ibid::bench {

struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;  // increasing in x
  bool steps = false;                             // a staircase, as distributions are drawn
};

struct Panel {
  std::string title;
  std::string x_label, y_label;
  bool log_x = false, log_y = false;  // points that are not positive are then left out
  std::vector<Series> series;
};

struct ChartOptions {
  std::string title;
  std::string subtitle;
  size_t columns = 2;
};

// Panels go row by row. A panel without points says so.
std::string RenderSvg(const ChartOptions& options, const std::vector<Panel>& panels);

// The places of the marks of an axis from `low` to `high` (low < high; both positive for a
// logarithmic one): powers of ten, or about five round numbers.
std::vector<double> AxisMarks(double low, double high, bool logarithmic);

// "0.5", "10", "2k", "1.5M".
std::string ShortNumber(double number);

}  // namespace ibid::bench

#endif  // IBID_BENCH_SUPPORT_SVG_CHART_H_
