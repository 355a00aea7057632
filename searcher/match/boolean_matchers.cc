#include "searcher/match/boolean_matchers.h"

#include <algorithm>
#include <utility>

namespace ibid {
namespace {

// ---- AND ---------------------------------------------------------------------------------------

class Conjunction : public Matcher {
 public:
  Conjunction(MatcherList children, size_t num_scored)
      : children_(std::move(children)), num_scored_(num_scored) {
    for (const auto& child : children_) by_cost_.push_back(child.get());
    std::stable_sort(by_cost_.begin(), by_cost_.end(),
                     [](const Matcher* a, const Matcher* b) { return a->cost() < b->cost(); });
    doc_ = Align(0);
  }

  DocId NextGeq(DocId target) override {
    if (doc_ >= target) return doc_;
    return doc_ = Align(target);
  }

  bool Matches() override {
    return std::all_of(by_cost_.begin(), by_cost_.end(), [](Matcher* m) { return m->Matches(); });
  }

  float Score() override {
    float sum = 0.0f;
    for (size_t i = 0; i < num_scored_; ++i) sum += children_[i]->Score();
    return sum;
  }

  uint64_t cost() const override { return by_cost_.front()->cost(); }

  void AppendMatches(IntervalList* matches) override {
    for (const auto& child : children_) child->AppendMatches(matches);
  }

  Explanation Explain() override {
    Explanation e{Score(), "sum of all of", {}};
    for (const auto& child : children_) e.children.push_back(child->Explain());
    for (size_t i = num_scored_; i < children_.size(); ++i) {
      e.children[i] = {0.0, "filter, not scored", {std::move(e.children[i])}};
    }
    return e;
  }

 private:
  DocId Align(DocId target) {
    for (size_t i = 0; i < by_cost_.size() && target != kNoMoreDocs;) {
      const DocId doc = by_cost_[i]->NextGeq(target);
      i = doc == target || i == 0 ? i + 1 : 0;
      target = doc;
    }
    return target;
  }

  MatcherList children_;
  size_t num_scored_;
  std::vector<Matcher*> by_cost_;
};

// ---- OR, XOR, best-of, minimum-should-match ----------------------------------------------------

class Disjunction : public Matcher {
 private:
  auto Later() const {
    return [this](uint32_t a, uint32_t b) { return children_[a]->doc() > children_[b]->doc(); };
  }

 public:
  Disjunction(MatcherList children, uint32_t min_match, bool odd, DisjunctionScore score)
      : children_(std::move(children)), min_match_(min_match), odd_(odd), score_(score) {
    for (uint32_t i = 0; i < children_.size(); ++i) {
      heap_.push_back(i);
      cost_ += children_[i]->cost();
    }
    std::make_heap(heap_.begin(), heap_.end(), Later());
    Settle();
  }

  DocId NextGeq(DocId target) override {
    if (doc_ >= target) return doc_;
    while (children_[heap_.front()]->doc() < target) {
      std::pop_heap(heap_.begin(), heap_.end(), Later());
      children_[heap_.back()]->NextGeq(target);
      std::push_heap(heap_.begin(), heap_.end(), Later());
    }
    Settle();
    return doc_;
  }

  bool Matches() override {
    if (min_match_ <= 1 && !odd_) {
      return std::any_of(children_.begin(), children_.end(),
                         [this](const auto& child) { return Holds(*child); });
    }
    uint32_t count = 0;
    for (const auto& child : children_) count += Holds(*child) ? 1 : 0;
    return odd_ ? count % 2 == 1 : count >= min_match_;
  }

  float Score() override {
    float sum = 0.0f;
    for (const auto& child : children_) {
      if (!Holds(*child)) continue;
      const float score = child->Score();
      sum = score_ == DisjunctionScore::kSum ? sum + score : std::max(sum, score);
    }
    return sum;
  }

  uint64_t cost() const override { return cost_; }

  void AppendMatches(IntervalList* matches) override {
    for (const auto& child : children_) {
      if (Holds(*child)) child->AppendMatches(matches);
    }
  }

  Explanation Explain() override {
    const bool sum = score_ == DisjunctionScore::kSum;
    Explanation e{Score(), sum ? "sum of those that match" : "best of", {}};
    for (const auto& child : children_) {
      if (Holds(*child)) e.children.push_back(child->Explain());
    }
    return e;
  }

 private:
  bool Holds(Matcher& child) const { return child.doc() == doc_ && child.Matches(); }
  void Settle() { doc_ = heap_.empty() ? kNoMoreDocs : children_[heap_.front()]->doc(); }

  MatcherList children_;
  uint32_t min_match_;
  bool odd_;
  DisjunctionScore score_;
  std::vector<uint32_t> heap_;
  uint64_t cost_ = 0;
};

// ---- Required, optional, excluded --------------------------------------------------------------

class Restricted : public Matcher {
 public:
  Restricted(std::unique_ptr<Matcher> required, MatcherList optional, uint32_t min_optional,
             MatcherList excluded)
      : required_(std::move(required)),
        optional_(std::move(optional)),
        excluded_(std::move(excluded)),
        min_optional_(min_optional) {
    doc_ = required_->doc();
  }

  DocId NextGeq(DocId target) override { return doc_ = required_->NextGeq(target); }

  bool Matches() override {
    if (!required_->Matches()) return false;
    for (const auto& child : excluded_) {
      if (Holds(*child)) return false;
    }
    if (min_optional_ == 0) return true;
    uint32_t count = 0;
    for (const auto& child : optional_) count += Holds(*child) ? 1 : 0;
    return count >= min_optional_;
  }

  float Score() override {
    float sum = required_->Score();
    for (const auto& child : optional_) {
      if (Holds(*child)) sum += child->Score();
    }
    return sum;
  }

  uint64_t cost() const override { return required_->cost(); }

  void AppendMatches(IntervalList* matches) override {
    required_->AppendMatches(matches);
    for (const auto& child : optional_) {
      if (Holds(*child)) child->AppendMatches(matches);
    }
  }

  Explanation Explain() override {
    Explanation e{Score(), "sum of what is required and what matches besides", {}};
    e.children.push_back(required_->Explain());
    for (const auto& child : optional_) {
      if (Holds(*child)) e.children.push_back(child->Explain());
    }
    return e;
  }

 private:
  bool Holds(Matcher& child) const { return child.NextGeq(doc_) == doc_ && child.Matches(); }

  std::unique_ptr<Matcher> required_;
  MatcherList optional_, excluded_;
  uint32_t min_optional_;
};

class Constant : public Matcher {
 public:
  Constant(std::unique_ptr<Matcher> child, float score) : child_(std::move(child)), score_(score) {
    doc_ = child_->doc();
  }
  DocId NextGeq(DocId target) override { return doc_ = child_->NextGeq(target); }
  bool Matches() override { return child_->Matches(); }
  float Score() override { return score_; }
  uint64_t cost() const override { return child_->cost(); }
  void AppendMatches(IntervalList* matches) override { child_->AppendMatches(matches); }
  Explanation Explain() override { return {score_, "constant score", {child_->Explain()}}; }

 private:
  std::unique_ptr<Matcher> child_;
  float score_;
};

}  // namespace

std::unique_ptr<Matcher> MakeConjunction(MatcherList children, size_t num_scored) {
  return std::make_unique<Conjunction>(std::move(children), num_scored);
}

std::unique_ptr<Matcher> MakeDisjunction(MatcherList children, uint32_t min_match, bool odd,
                                         DisjunctionScore score) {
  return std::make_unique<Disjunction>(std::move(children), min_match, odd, score);
}

std::unique_ptr<Matcher> MakeRestricted(std::unique_ptr<Matcher> required, MatcherList optional,
                                        uint32_t min_optional, MatcherList excluded) {
  return std::make_unique<Restricted>(std::move(required), std::move(optional), min_optional,
                                      std::move(excluded));
}

std::unique_ptr<Matcher> MakeConstant(std::unique_ptr<Matcher> child, float score) {
  return std::make_unique<Constant>(std::move(child), score);
}

}  // namespace ibid
