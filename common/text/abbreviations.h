// Words that tell whether a full stop ends a sentence. Data only; any thread.
//
//   FindAbbreviation("mr");        // kBeforeName: "Mr. Smith" goes on
//   IsSentenceStarter("however");  // "in the U.S. However" does not
#ifndef IBID_COMMON_TEXT_ABBREVIATIONS_H_
#define IBID_COMMON_TEXT_ABBREVIATIONS_H_

#include <cstdint>
#include <string_view>

namespace ibid {

enum class Abbreviation : uint8_t {
  kNone,
  kBeforeName,    // never ends a sentence: Mr. Gen. e.g. vs.
  kBeforeNumber,  // not where a number follows: No. 5, Nov. 27, p. 12
  kAnywhere,      // ends one only where the next word looks like a beginning: Inc. Jr. etc.
};

// What a folded term is where a full stop follows it.
Abbreviation FindAbbreviation(std::string_view term);

// Whether a capitalised `term` (given folded) is mostly the first word of a sentence.
bool IsSentenceStarter(std::string_view term);

// Whether "27. <term>" is a date, as in German.
bool IsMonthAfterOrdinal(std::string_view term);

// Whether an apostrophe may stand before `term` for letters left out: 'tis, 'em, '90s.
bool IsElision(std::string_view term);

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_ABBREVIATIONS_H_
