#include "search/search.h"

#include "store/fault_store.h"
#include "store/memory_store.h"
#include "support/corpus.h"
#include "support/results.h"
#if __has_include(<unistd.h>)
#include "support/child_process.h"
#include "support/scratch_dir.h"
#endif

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <format>
#include <random>
#include <string>
#include <utility>

namespace modelvault {

void PrintTo(const Hit &hit, std::ostream *out)
{
    *out << hit.offset.value << '+' << hit.length;
}

namespace {

using test::byteVector;
using test::outcome;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

using Hits = std::vector<Hit>;

SearchPattern made(const SearchPattern::Made &pattern)
{
    if (!pattern)
        throw std::runtime_error("no pattern: " + pattern.error().detail);
    return *pattern;
}

Hits hitsIn(const Store &store, SearchRange range, const SearchPattern &pattern,
            std::size_t chunk = SearchOptions{}.chunk)
{
    Hits all;
    const auto count = findAll(store, range, pattern,
                               [&](std::span<const Hit> some) { all.insert(all.end(), some.begin(), some.end()); }, {},
                               {.chunk = chunk});
    EXPECT_EQ(outcome(count), "ok");
    EXPECT_EQ(count.value_or(0), all.size());
    return all;
}

Hits hitsIn(const Store &store, const SearchPattern &pattern, std::size_t chunk = SearchOptions{}.chunk)
{
    return hitsIn(store, {{0}, {*store.length()}}, pattern, chunk);
}

/// Bytes of every kind that databases have: noise, text in lines, few letters, zeros, a database.
std::vector<std::byte> mixture(std::mt19937_64 &random, std::size_t size)
{
    const auto database = test::corpusFile("valid-large-record").bytes();
    static constexpr std::string_view kWords[] = {"books", "Dune", "title", "1999",    " ",   " ",
                                                  "\n",    "\t",   "x_1",   "foo-bar", "\r\n"};
    std::vector<std::byte> bytes;
    while (bytes.size() < size) {
        const auto count = 1 + random() % 6000;
        switch (random() % 5) {
        case 0:
            for (std::uint64_t i = 0; i < count; ++i)
                bytes.push_back(static_cast<std::byte>(random()));
            break;
        case 1:
            for (std::uint64_t i = 0; i < count / 8; ++i)
                std::ranges::copy(byteVector(kWords[random() % std::size(kWords)]), std::back_inserter(bytes));
            break;
        case 2:
            for (std::uint64_t i = 0; i < count; ++i)
                bytes.push_back(static_cast<std::byte>(random() % 100 == 0 ? '\n' : 'a' + random() % 3));
            break;
        case 3:
            bytes.insert(bytes.end(), count / 4, std::byte{0});
            break;
        default:
            const auto from = random() % database.size();
            const auto end = std::min<std::uint64_t>(database.size(), from + count);
            bytes.insert(bytes.end(), database.begin() + static_cast<std::ptrdiff_t>(from),
                         database.begin() + static_cast<std::ptrdiff_t>(end));
        }
    }
    bytes.resize(size);
    return bytes;
}

/// Patterns that RE2 and PCRE understand in the same way, that name no line feed and never match nothing.
class RandomRegex {
public:
    explicit RandomRegex(std::mt19937_64 &random) : m_random(random) { }

    std::string pattern() { return sequence(2) + (chance(4) ? "|" + sequence(2) : ""); }

private:
    bool chance(unsigned oneIn) { return m_random() % oneIn == 0; }

    std::string byte()
    {
        static constexpr std::string_view kUsual = "abcdexo019 _";
        if (!chance(3))
            return std::string(1, kUsual[m_random() % kUsual.size()]);
        const auto value = m_random() % 256;
        return std::format("\\x{:02x}", value == '\n' ? 0 : value);
    }

    std::string classOf()
    {
        std::string text = chance(3) ? "[^" : "[";
        for (auto left = 1 + m_random() % 3; left > 0; --left) {
            if (chance(4)) {
                static constexpr std::string_view kNamed[] = {"\\d",       "\\w", "\\s", "[:upper:]",
                                                              "[:punct:]", "\\S", "\\W"};
                text += kNamed[m_random() % std::size(kNamed)];
                continue;
            }
            const auto from = m_random() % 256;
            text += std::format("\\x{:02x}", from == '\n' ? 0 : from);
            if (from != '\n' && chance(2))
                text += std::format("-\\x{:02x}", from + m_random() % (256 - from));
        }
        return text + "]";
    }

    std::string atom(int depth)
    {
        static constexpr std::string_view kClasses[] = {"\\d", "\\w", "\\s", "\\D", "\\W", "\\S", ".", "[[:alpha:]]"};
        switch (m_random() % (depth > 0 ? 8 : 7)) {
        case 0:
            return std::string(kClasses[m_random() % std::size(kClasses)]);
        case 1:
            return classOf();
        case 7:
            return "(" + sequence(depth - 1) + (chance(2) ? "|" + sequence(depth - 1) : "") + ")";
        default:
            return byte();
        }
    }

    /// Of which one piece at least takes a byte.
    std::string sequence(int depth)
    {
        static constexpr std::string_view kMore[] = {"+", "{2}", "{1,3}", "+?", "{2,}"};
        static constexpr std::string_view kAny[] = {"*", "?", "{0,4}", "*?", "??"};
        static constexpr std::string_view kPlaces[] = {"\\b", "\\B", "^", "$"};
        std::string text = chance(12) ? std::string(kPlaces[m_random() % std::size(kPlaces)]) : "";
        for (auto left = m_random() % 3; left > 0; --left)
            text += atom(depth) + (chance(3) ? std::string(kAny[m_random() % std::size(kAny)]) : "");
        text += atom(depth) + (chance(4) ? std::string(kMore[m_random() % std::size(kMore)]) : "");
        text += chance(12) ? std::string(kPlaces[m_random() % std::size(kPlaces)]) : "";
        return text;
    }

    std::mt19937_64 &m_random;
};

SearchPattern randomPattern(std::mt19937_64 &random)
{
    switch (random() % 4) {
    case 0:
        return made(SearchPattern::text(random() % 2 == 0 ? "aba" : "Dune",
                                        {.encoding = TextEncoding::Any, .matchCase = random() % 2 == 0}));
    case 1:
        return made(SearchPattern::hex(random() % 2 == 0 ? "?? 61 6?" : "00 00"));
    case 2:
        return made(
            SearchPattern::integer(std::to_string(random() % 4),
                                   {.bytes = 1 + static_cast<unsigned>(random() % 3), .order = NumberOrder::Both}));
    default:
        for (;;)
            if (const auto pattern =
                    SearchPattern::regex(RandomRegex(random).pattern(), {.acrossLines = random() % 2 == 0}))
                return *pattern;
    }
}

#if __has_include(<unistd.h>)
Hits hitsOfGrep(const std::filesystem::path &file, const std::string &pattern)
{
    const auto run = test::runProgram({"env", "LC_ALL=C", "grep", "-obUaP", "-e", pattern, file.string()});
    if (run.status > 1)
        throw std::runtime_error("grep: " + run.err);
    Hits hits;
    for (std::string_view rest = run.out; !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        const auto colon = line.find(':');
        Hit hit{.length = static_cast<std::uint32_t>(line.size() - colon - 1)};
        std::from_chars(line.data(), line.data() + colon, hit.offset.value);
        hits.push_back(hit);
    }
    return hits;
}

TEST(Search, FindsWhatGrepFinds)
{
    std::mt19937_64 random(2026);
    const auto bytes = mixture(random, 300'000); // beyond one block of kRegexBlock
    const test::ScratchDir folder;
    const auto file = folder.write("file", bytes);
    const MemoryStore store(bytes);
    std::uint64_t hits = 0;
    int with = 0;
    for (int i = 0; i < 200; ++i) {
        const auto pattern = RandomRegex(random).pattern();
        const auto ours = hitsIn(store, made(SearchPattern::regex(pattern)));
        ASSERT_EQ(ours, hitsOfGrep(file, pattern)) << "pattern " << pattern;
        hits += ours.size();
        with += ours.empty() ? 0 : 1;
    }
    // Neither found much would prove little.
    EXPECT_GT(with, 100);
    EXPECT_GT(hits, 100'000U);
}

TEST(Search, LiteralsAreThoseOfGrep)
{
    std::mt19937_64 random(4);
    const auto bytes = mixture(random, 600'000);
    const test::ScratchDir folder;
    const auto file = folder.write("file", bytes);
    const MemoryStore store(bytes);
    for (const auto *text : {"a", "aa", "aba", "Dune", "title", "1999"})
        EXPECT_EQ(hitsIn(store, made(SearchPattern::text(text))), hitsOfGrep(file, text)) << text;
    EXPECT_EQ(hitsIn(store, made(SearchPattern::text("DUNE", {.matchCase = false}))), hitsOfGrep(file, "(?i)dune"));
    EXPECT_EQ(hitsIn(store, made(SearchPattern::hex("00 00 ?0"))),
              hitsOfGrep(file, R"(\x00\x00[\x00\x10\x20\x30\x40\x50\x60\x70\x80\x90\xa0\xb0\xc0\xd0\xe0\xf0])"));
}
#endif

TEST(Search, HitsDoNotDependOnTheChunk)
{
    std::mt19937_64 random(99);
    const MemoryStore store(mixture(random, 400'000));
    std::uint64_t hits = 0;
    for (int round = 0; round < 60; ++round) {
        const auto pattern = randomPattern(random);
        const SearchRange range{{random() % 1000}, {*store.length() - random() % 1000}};
        const auto whole = hitsIn(store, range, pattern, 1 << 20);
        hits += whole.size();
        for (const auto chunk : {1 + random() % 3000, 1 + random() % 100'000, 4096UL})
            ASSERT_EQ(hitsIn(store, range, pattern, chunk), whole) << "round " << round << ", chunk " << chunk;
    }
    EXPECT_GT(hits, 10'000U);
}

TEST(Search, HitsAreLeftmostAndDoNotOverlap)
{
    const MemoryStore store(byteVector("aaaaa"));
    EXPECT_THAT(hitsIn(store, made(SearchPattern::text("aa"))), ElementsAre(Hit{{0}, 2}, Hit{{2}, 2}));
    EXPECT_THAT(hitsIn(store, made(SearchPattern::text("aa")), 1), ElementsAre(Hit{{0}, 2}, Hit{{2}, 2}));
}

TEST(Search, MatchesOfNothingAreNoHits)
{
    const MemoryStore store(byteVector("baac"));
    EXPECT_THAT(hitsIn(store, made(SearchPattern::regex("a*"))), ElementsAre(Hit{{1}, 2}));
    EXPECT_THAT(hitsIn(store, made(SearchPattern::regex("^|$"))), IsEmpty());
}

TEST(Search, HitsLieInTheRangeButTheFileIsTheText)
{
    const MemoryStore store(byteVector("xab cab\nab"));
    const auto inRange = [&](std::uint64_t begin, std::uint64_t end, const char *pattern) {
        return hitsIn(store, {{begin}, {end}}, made(SearchPattern::regex(pattern)));
    };
    EXPECT_THAT(inRange(1, 6, "ab"), ElementsAre(Hit{{1}, 2}));
    EXPECT_THAT(inRange(1, 7, "ab"), ElementsAre(Hit{{1}, 2}, Hit{{5}, 2}));
    EXPECT_THAT(inRange(1, 10, R"(\bab)"), ElementsAre(Hit{{8}, 2}));
    EXPECT_THAT(inRange(1, 10, "^ab"), ElementsAre(Hit{{8}, 2}));
    EXPECT_THAT(inRange(0, 6, R"(ca\b|ca$)"), IsEmpty());
    EXPECT_THAT(inRange(0, 7, "cab$"), ElementsAre(Hit{{4}, 3}));
    EXPECT_THAT(inRange(5, 5, "."), IsEmpty());
    EXPECT_THAT(inRange(6, 2, "."), IsEmpty());
}

TEST(Search, TheFileBeginsAndEndsOnce)
{
    std::string text(3000, 'x');
    text += "\nxx";
    const MemoryStore store(byteVector(text));
    for (const std::size_t chunk : {1UL, 64UL, 1UL << 20}) {
        EXPECT_THAT(hitsIn(store, made(SearchPattern::regex(R"(\Ax)", {.acrossLines = true})), chunk),
                    ElementsAre(Hit{{0}, 1}));
        EXPECT_THAT(hitsIn(store, made(SearchPattern::regex(R"(x\z)", {.acrossLines = true})), chunk),
                    ElementsAre(Hit{{3002}, 1}));
        EXPECT_THAT(hitsIn(store, made(SearchPattern::regex("^x", {.acrossLines = true})), chunk),
                    ElementsAre(Hit{{0}, 1}));
    }
}

TEST(Search, ARegexHitOfTheLengthPromisedIsFoundAcrossABlock)
{
    std::vector<std::byte> bytes(kRegexBlock * 2, std::byte{'-'});
    const auto begin = kRegexBlock - 1;
    bytes[begin] = std::byte{'<'};
    bytes[begin + kSureRegexHit - 1] = std::byte{'>'};
    const MemoryStore store(std::move(bytes));
    for (const std::size_t chunk : {1000UL, 1UL << 20})
        EXPECT_THAT(hitsIn(store, made(SearchPattern::regex("<.*>")), chunk), ElementsAre(Hit{{begin}, kSureRegexHit}));
}

TEST(Search, NextIsTheFirstBehindAPlace)
{
    const MemoryStore store(byteVector("ab..ab..ab"));
    const auto pattern = made(SearchPattern::text("ab"));
    const SearchRange all{{0}, {10}};
    EXPECT_THAT(*findNext(store, all, pattern, {0}), Optional(Hit{{0}, 2}));
    EXPECT_THAT(*findNext(store, all, pattern, {1}), Optional(Hit{{4}, 2}));
    EXPECT_EQ(*findNext(store, all, pattern, {9}), std::nullopt);
    EXPECT_EQ(*findNext(store, all, pattern, {1000}), std::nullopt);
    EXPECT_THAT(*findNext(store, {{3}, {10}}, pattern, {0}), Optional(Hit{{4}, 2}));
    EXPECT_EQ(*findNext(store, {{3}, {5}}, pattern, {0}), std::nullopt);
}

TEST(Search, PreviousIsTheLastBeforeAPlace)
{
    const MemoryStore store(byteVector("ab..ab..ab"));
    const auto pattern = made(SearchPattern::text("ab"));
    const SearchRange all{{0}, {10}};
    EXPECT_THAT(*findPrevious(store, all, pattern, {10}), Optional(Hit{{8}, 2}));
    EXPECT_THAT(*findPrevious(store, all, pattern, {1000}), Optional(Hit{{8}, 2}));
    EXPECT_THAT(*findPrevious(store, all, pattern, {8}), Optional(Hit{{4}, 2}));
    EXPECT_THAT(*findPrevious(store, all, pattern, {1}), Optional(Hit{{0}, 2}));
    EXPECT_EQ(*findPrevious(store, all, pattern, {0}), std::nullopt);
    EXPECT_EQ(*findPrevious(store, {{1}, {10}}, pattern, {4}), std::nullopt);
    EXPECT_THAT(*findPrevious(store, {{0}, {9}}, pattern, {10}), Optional(Hit{{4}, 2}));
    const MemoryStore run(byteVector("xaaaax"));
    EXPECT_THAT(*findPrevious(run, {{0}, {6}}, made(SearchPattern::regex("a+")), {6}), Optional(Hit{{1}, 4}));
}

TEST(Search, SteppingVisitsTheHitsOfTheList)
{
    std::mt19937_64 random(5);
    auto bytes = mixture(random, 3'000'000); // several steps back
    for (std::size_t at = 10'000; at < bytes.size(); at += 700'000 + random() % 1000)
        std::ranges::copy(byteVector("<needle>"), bytes.begin() + static_cast<std::ptrdiff_t>(at));
    const MemoryStore store(std::move(bytes));
    const SearchRange all{{0}, {*store.length()}};
    for (const auto &pattern : {made(SearchPattern::text("<needle>")), made(SearchPattern::regex("<need[^>]*>"))}) {
        const auto list = hitsIn(store, pattern);
        ASSERT_EQ(list.size(), 5U);
        Hits forwards;
        for (auto hit = *findNext(store, all, pattern, {0}); hit; hit = *findNext(store, all, pattern, hit->end()))
            forwards.push_back(*hit);
        EXPECT_EQ(forwards, list);
        Hits backwards;
        for (auto hit = *findPrevious(store, all, pattern, all.end); hit;
             hit = *findPrevious(store, all, pattern, hit->offset))
            backwards.insert(backwards.begin(), *hit);
        EXPECT_EQ(backwards, list);
    }
}

TEST(Search, AFindingThatIsNearTakesNoReadOfAllTheRest)
{
    auto memory = std::make_unique<MemoryStore>(std::vector<std::byte>(20'000'000, std::byte{'x'}));
    FaultStore store(std::move(memory));
    const SearchRange all{{0}, {20'000'000}};
    const auto pattern = made(SearchPattern::text("xx"));
    EXPECT_TRUE(*findNext(store, all, pattern, {10'000'000}));
    EXPECT_TRUE(*findPrevious(store, all, pattern, {10'000'000}));
    EXPECT_LT(store.readAttempts(), 12U);
}

TEST(Search, HitsComeWhileItGoesOn)
{
    std::vector<std::byte> bytes(4'000'000, std::byte{'-'});
    bytes[10] = bytes[3'900'000] = std::byte{'x'};
    const MemoryStore store(std::move(bytes));
    Hits hits;
    std::vector<std::size_t> seen;
    std::vector<std::uint64_t> reached;
    const auto count = findAll(
        store, {{0}, {4'000'000}}, made(SearchPattern::text("x")),
        [&](std::span<const Hit> some) { hits.insert(hits.end(), some.begin(), some.end()); },
        [&](std::uint64_t done, std::uint64_t total) {
            EXPECT_EQ(total, 4'000'000U);
            seen.push_back(hits.size());
            reached.push_back(done);
            return true;
        });
    EXPECT_EQ(count.value_or(0), 2U);
    EXPECT_GT(std::ranges::count(seen, 1U), 5);
    EXPECT_TRUE(std::ranges::is_sorted(reached));
    EXPECT_EQ(reached.front(), 0U);
    EXPECT_EQ(reached.back(), 4'000'000U);
}

TEST(Search, StopsSoonAndKeepsWhatWasFound)
{
    const MemoryStore store(std::vector<std::byte>(10'000'000, std::byte{'x'}));
    const auto stopAt = [](std::uint64_t where) {
        return [where](std::uint64_t done, std::uint64_t) { return done < where; };
    };
    std::uint64_t found = 0;
    Offset last;
    const auto all = findAll(
        store, {{0}, {10'000'000}}, made(SearchPattern::text("xx")),
        [&](std::span<const Hit> hits) {
            found += hits.size();
            last = hits.back().end();
        },
        stopAt(1'000'000));
    EXPECT_EQ(outcome(all), "Cancelled");
    EXPECT_EQ(found * 2, last.value);
    EXPECT_GE(last, Offset{1'000'000});
    EXPECT_LT(last, Offset{1'300'000});
    EXPECT_EQ(outcome(findNext(store, {{0}, {10'000'000}}, made(SearchPattern::text("y")), {0}, stopAt(1'000'000))),
              "Cancelled");
    EXPECT_EQ(outcome(findPrevious(store, {{0}, {10'000'000}}, made(SearchPattern::text("y")), {10'000'000},
                                   stopAt(1'000'000))),
              "Cancelled");
}

TEST(Search, AHostilePatternCanBeStopped)
{
    // Each hit makes RE2 look ahead over the rest of its view.
    const MemoryStore store(std::vector<std::byte>(1'000'000, std::byte{'a'}));
    const auto pattern = made(SearchPattern::regex("a(.*b)?"));
    int asked = 0;
    std::uint64_t found = 0;
    const auto all = findAll(
        store, {{0}, {1'000'000}}, pattern, [&](std::span<const Hit> hits) { found += hits.size(); },
        [&](std::uint64_t, std::uint64_t) { return ++asked < 3; });
    EXPECT_EQ(outcome(all), "Cancelled");
    EXPECT_EQ(found, 512U);
}

TEST(Search, PatternsThatBacktrackersHangOnFinish)
{
    const MemoryStore store(std::vector<std::byte>(300'000, std::byte{'a'}));
    for (const auto *pattern :
         {"(a+)+b", "(a|aa)+b", "(a?){40}a{40}b", "(.*)(.*)(.*)(.*)(.*)b", "(x+x+)+y", "([a-z]+)*1"})
        EXPECT_THAT(hitsIn(store, made(SearchPattern::regex(pattern))), IsEmpty()) << pattern;
}

TEST(Search, AReadErrorIsToldAfterTheHitsBeforeIt)
{
    FaultStore store(std::make_unique<MemoryStore>(std::vector<std::byte>(3'000'000, std::byte{'x'})));
    store.failReadsAfter(2);
    std::uint64_t found = 0;
    const auto all = findAll(store, {{0}, {3'000'000}}, made(SearchPattern::text("x")),
                             [&](std::span<const Hit> hits) { found += hits.size(); });
    EXPECT_EQ(outcome(all), "Io");
    EXPECT_EQ(found, 2 * SearchOptions{}.chunk);
    EXPECT_EQ(outcome(findNext(store, {{0}, {3'000'000}}, made(SearchPattern::text("y")), {0})), "Io");
    EXPECT_EQ(outcome(findPrevious(store, {{0}, {3'000'000}}, made(SearchPattern::text("y")), {3'000'000})), "Io");
}

TEST(Search, AFileThatHasShrunkIsAnError)
{
    const MemoryStore store(byteVector("abc"));
    EXPECT_EQ(outcome(findAll(store, {{0}, {10}}, made(SearchPattern::text("a")), {})), "UnexpectedEof");
}

} // namespace
} // namespace modelvault
