#include "bench/support/svg_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string_view>

namespace ibid::bench {
namespace {

// Colours that people with any colour vision tell apart: M. Okabe and K. Ito, "Color universal
// design" (2008), without yellow and with darker sky blue.
constexpr const char* kColours[] = {"#d55e00", "#0072b2", "#009e73", "#cc79a7",
                                    "#333333", "#e69f00", "#2f8fc9"};
// Further series have the same colours, dashed.
constexpr const char* kDash = " stroke-dasharray=\"6 3\"";
constexpr double kPanelWidth = 330, kPanelHeight = 220, kHead = 84, kLegendRow = 18;
constexpr double kLeft = 52, kRight = 14, kTop = 26, kBottom = 40;

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string Fixed(double number) {
  char digits[40];
  std::snprintf(digits, sizeof(digits), "%.1f", number);
  return digits;
}

std::string Text(double x, double y, const char* anchor, int size, std::string_view text,
                 const char* more = "") {
  return "<text x=\"" + Fixed(x) + "\" y=\"" + Fixed(y) + "\" text-anchor=\"" + anchor +
         "\" font-size=\"" + std::to_string(size) + "\"" + more + ">" + Escaped(text) + "</text>\n";
}

std::string Line(double x1, double y1, double x2, double y2, const char* colour,
                 const char* more = "") {
  return "<line x1=\"" + Fixed(x1) + "\" y1=\"" + Fixed(y1) + "\" x2=\"" + Fixed(x2) + "\" y2=\"" +
         Fixed(y2) + "\" stroke=\"" + colour + "\"" + more + "/>\n";
}

const char* Colour(size_t series) { return kColours[series % std::size(kColours)]; }
const char* Dash(size_t series) { return series < std::size(kColours) ? "" : kDash; }

// The names in rows of at most `width`; sets *height to what they take.
std::string Legend(const std::vector<std::string>& names, double width, double* height) {
  std::string out;
  double x = 14, y = 62;
  for (size_t i = 0; i < names.size(); ++i) {
    const double wide = 50 + 7.5 * static_cast<double>(names[i].size());
    if (x + wide > width && x > 14) {
      x = 14;
      y += kLegendRow;
    }
    const std::string more = std::string(" stroke-width=\"3\"") + Dash(i);
    out += Line(x, y, x + 22, y, Colour(i), more.c_str());
    out += Text(x + 28, y + 4, "start", 13, names[i]);
    x += wide;
  }
  *height = kHead + y - 62;
  return out;
}

// From values to places on the paper.
class Axis {
 public:
  Axis(double low, double high, bool logarithmic, double from, double to)
      : low_(low), high_(high), log_(logarithmic), from_(from), to_(to) {
    if (log_) {
      low_ = std::pow(10, std::floor(std::log10(low_)));
      high_ = std::pow(10, std::ceil(std::log10(high_)));
      if (low_ == high_) high_ *= 10;
    } else {
      low_ = std::min(low_, 0.0);
      if (high_ <= low_) high_ = low_ + 1;
    }
  }
  double Place(double value) const {
    const double share =
        log_ ? std::log(value / low_) / std::log(high_ / low_) : (value - low_) / (high_ - low_);
    return from_ + share * (to_ - from_);
  }
  std::vector<double> Marks() const { return AxisMarks(low_, high_, log_); }

 private:
  double low_, high_;
  bool log_;
  double from_, to_;
};

std::vector<std::pair<double, double>> Drawable(const Panel& panel, const Series& series) {
  std::vector<std::pair<double, double>> points;
  for (const auto& [x, y] : series.points) {
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    if ((panel.log_x && x <= 0) || (panel.log_y && y <= 0)) continue;
    points.emplace_back(x, y);
  }
  return points;
}

std::string Path(const std::vector<std::pair<double, double>>& points, bool steps, const Axis& x,
                 const Axis& y, size_t series) {
  std::string path, dots;
  for (size_t i = 0; i < points.size(); ++i) {
    const std::string at_x = Fixed(x.Place(points[i].first));
    const std::string at_y = Fixed(y.Place(points[i].second));
    if (i == 0) {
      path += "M" + at_x + " " + (steps ? Fixed(y.Place(0)) + "V" + at_y : at_y);
    } else {
      path += steps ? "H" + at_x + "V" + at_y : "L" + at_x + " " + at_y;
    }
    if (steps) continue;
    dots += "<circle cx=\"" + at_x + "\" cy=\"" + at_y + "\" r=\"3\" fill=\"" + Colour(series) +
            "\"/>\n";
  }
  return "<path d=\"" + path + "\" fill=\"none\" stroke-width=\"1.8\" stroke=\"" + Colour(series) +
         "\"" + Dash(series) + "/>\n" + dots;
}

std::string RenderPanel(const Panel& panel, const std::vector<std::string>& names) {
  std::string out = Text(kLeft, 16, "start", 13, panel.title, " font-weight=\"bold\"");
  double x_low = std::numeric_limits<double>::infinity(), y_low = x_low;
  double x_high = -x_low, y_high = -x_low;
  for (const Series& series : panel.series) {
    for (const auto& [x, y] : Drawable(panel, series)) {
      x_low = std::min(x_low, x), x_high = std::max(x_high, x);
      y_low = std::min(y_low, y), y_high = std::max(y_high, y);
    }
  }
  const double bottom = kPanelHeight - kBottom, right = kPanelWidth - kRight;
  if (x_low > x_high) return out + Text(kPanelWidth / 2, bottom / 2, "middle", 12, "no data");
  const Axis x(x_low, x_high, panel.log_x, kLeft, right);
  const Axis y(y_low, y_high, panel.log_y, bottom, kTop);
  for (const double mark : x.Marks()) {
    out += Line(x.Place(mark), kTop, x.Place(mark), bottom, "#e4e4e4");
    out += Text(x.Place(mark), bottom + 14, "middle", 10, ShortNumber(mark));
  }
  for (const double mark : y.Marks()) {
    out += Line(kLeft, y.Place(mark), right, y.Place(mark), "#e4e4e4");
    out += Text(kLeft - 5, y.Place(mark) + 4, "end", 10, ShortNumber(mark));
  }
  out +=
      Line(kLeft, bottom, right, bottom, "#888888") + Line(kLeft, kTop, kLeft, bottom, "#888888");
  out += Text((kLeft + right) / 2, kPanelHeight - 10, "middle", 10, panel.x_label);
  out += Text(0, 0, "middle", 10, panel.y_label, " transform=\"translate(14 100) rotate(-90)\"");
  for (const Series& series : panel.series) {
    const size_t place =
        static_cast<size_t>(std::find(names.begin(), names.end(), series.name) - names.begin());
    out += Path(Drawable(panel, series), series.steps, x, y, place);
  }
  return out;
}

}  // namespace

std::vector<double> AxisMarks(double low, double high, bool logarithmic) {
  std::vector<double> marks;
  if (logarithmic) {
    // Adding half a step keeps rounding from losing the last mark.
    for (double mark = std::pow(10, std::ceil(std::log10(low) - 1e-9)); mark <= high * 1.5;
         mark *= 10) {
      marks.push_back(mark);
    }
    return marks;
  }
  const double rough = (high - low) / 5;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power < rough) continue;
    step = factor * power;
    break;
  }
  for (double mark = std::ceil(low / step) * step; mark <= high + step * 1e-9; mark += step) {
    marks.push_back(mark);
  }
  return marks;
}

std::string ShortNumber(double number) {
  const char* unit = "";
  for (const char* larger : {"k", "M", "G"}) {
    if (std::abs(number) < 999.5) break;
    number /= 1000;
    unit = larger;
  }
  char digits[40];
  std::snprintf(digits, sizeof(digits), "%.3g%s", number, unit);
  return digits;
}

std::string RenderSvg(const ChartOptions& options, const std::vector<Panel>& panels) {
  std::vector<std::string> names;
  for (const Panel& panel : panels) {
    for (const Series& series : panel.series) {
      if (std::find(names.begin(), names.end(), series.name) == names.end()) {
        names.push_back(series.name);
      }
    }
  }
  const size_t columns = std::max<size_t>(1, options.columns);
  const size_t rows = (panels.size() + columns - 1) / columns;
  const double width = std::max(640.0, kPanelWidth * static_cast<double>(columns));
  double head = 0;
  const std::string legend = Legend(names, width, &head);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + Fixed(width) +
                    "\" height=\"" + Fixed(head + kPanelHeight * static_cast<double>(rows)) +
                    "\" font-family=\"sans-serif\" fill=\"#222222\">\n" +
                    "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  out += Text(12, 24, "start", 18, options.title, " font-weight=\"bold\"");
  out += Text(12, 44, "start", 12, options.subtitle) + legend;
  for (size_t i = 0; i < panels.size(); ++i) {
    out += "<g transform=\"translate(" + Fixed(kPanelWidth * static_cast<double>(i % columns)) +
           " " + Fixed(head + kPanelHeight * static_cast<double>(i / columns)) + ")\">\n" +
           RenderPanel(panels[i], names) + "</g>\n";
  }
  return out + "</svg>\n";
}

}  // namespace ibid::bench
