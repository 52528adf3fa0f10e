#pragma once

#include "database/catalog_history.h"
#include "database/payload_loader.h"
#include "error.h"
#include "filter/filter.h"
#include "format/value.h"
#include "log/segment_index.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace modelvault {

/// In order: "and" is the least of its parts, "or" the greatest.
enum class Truth : std::uint8_t { False, Unknown, True };

/// Asks segments whether they pass a filter: first what costs nothing, and what is in a payload only of those that it
/// still decides about. One thread at a time.
class FilterMatcher {
public:
    /// Borrows the store, the filter and the catalog, which may be null: then collections have no names.
    FilterMatcher(const Store &store, const Filter &filter, const CatalogHistory *catalog);

    /// Of all segments of a block at once.
    [[nodiscard]] Truth ofBlock(const SegmentIndex::Block &block) const;
    /// Unknown: its payload decides.
    [[nodiscard]] Truth ofHeader(const Segment &segment) const;
    /// `payload`: all of it if it is at hand, else empty. Payloads that do not decode have nothing that could be asked
    /// for. Fails only if the store does.
    [[nodiscard]] Result<bool> passes(const Segment &segment, std::span<const std::byte> payload = {});

private:
    struct NumberRange {
        std::uint64_t first = 0;
        std::uint64_t last = 0; // inclusive
    };

    /// A node made ready: numbers of any comparison are ranges.
    struct Step {
        FilterNode::Kind kind = FilterNode::Kind::Comparison;
        std::vector<Step> parts;
        // Of a comparison:
        FilterField field = FilterField::Number;
        bool isNegated = false;
        bool isExists = false;
        bool wantsGood = false;
        bool wantsBad = false;
        bool asksForNames = false;
        std::vector<NumberRange> numbers;
        const FilterNode *node = nullptr;
    };

    /// What a payload says of the fields that can be asked for.
    struct Content {
        struct Change {
            std::uint32_t collectionId = 0;
            std::optional<std::uint8_t> operation; // none of schemas
        };
        std::vector<Change> changes;        // neighbours differ
        std::optional<std::string> newName; // of the collection that a schema creates
        std::optional<Value> key;
    };

    static Step prepared(const FilterNode &node);
    static void addNumbers(Step &step, const FilterNode &node);
    template <class Ask>
    static Truth evaluate(const Step &step, const Ask &ask);

    static bool isIn(const Step &step, std::uint64_t number);
    static Truth areIn(const Step &step, std::uint64_t first, std::uint64_t last);
    static Truth blockFits(const Step &step, const SegmentIndex::Block &block);
    static Truth headerFits(const Step &step, const Segment &segment);
    [[nodiscard]] bool contentFits(const Step &step, const Segment &segment, const Content &content) const;
    [[nodiscard]] bool collectionFits(const Step &step, const Segment &segment, const Content &content) const;

    Result<Content> contentOf(const Segment &segment, std::span<const std::byte> payload);
    static Result<Content> decode(SegmentType type, std::span<const std::byte> payload);

    PayloadLoader m_loader;
    const CatalogHistory *m_catalog;
    Step m_root;
};

} // namespace modelvault
