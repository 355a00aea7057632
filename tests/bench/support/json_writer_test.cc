#include "bench/support/json_writer.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <limits>
#include <string>

namespace ibid::bench {
namespace {

std::string Minified(const std::string& json) {
  simdjson::dom::parser parser;
  return simdjson::minify(parser.parse(json));
}

TEST(JsonWriter, NestsObjectsAndArrays) {
  JsonWriter json;
  json.BeginObject();
  json.Key("name").String("ibid");
  json.Key("times").BeginArray().Number(1.5).Number(2).EndArray();
  json.Key("empty").BeginObject().EndObject();
  json.Key("rows").BeginArray();
  for (uint64_t i = 0; i < 2; ++i) json.BeginObject().Key("i").Integer(i).EndObject();
  json.EndArray();
  json.Key("exact").Bool(true);
  json.EndObject();
  EXPECT_EQ(Minified(json.Take()),
            R"({"name":"ibid","times":[1.5,2],"empty":{},"rows":[{"i":0},{"i":1}],"exact":true})");
}

TEST(JsonWriter, EscapesWhatStringsMayNotHold) {
  JsonWriter json;
  json.BeginArray().String("a \"b\"\\\n\x01 \xc3\xa9").EndArray();
  EXPECT_EQ(Minified(json.Take()), "[\"a \\\"b\\\"\\\\\\n\\u0001 \xc3\xa9\"]");
}

TEST(JsonWriter, WhatIsNotFiniteIsNull) {
  JsonWriter json;
  json.BeginArray().Number(std::numeric_limits<double>::infinity()).Number(0).EndArray();
  EXPECT_EQ(Minified(json.Take()), "[null,0]");
}

TEST(JsonWriter, TakingEmptiesTheWriter) {
  JsonWriter json;
  json.BeginArray().Integer(1).EndArray();
  json.Take();
  json.BeginArray().Integer(2).EndArray();
  EXPECT_EQ(Minified(json.Take()), "[2]");
}

}  // namespace
}  // namespace ibid::bench
