#pragma once

#include "database/row_reader.h"
#include "error.h"
#include "format/field_type.h"
#include "position.h"
#include "progress.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Which rows of a collection, and in which order. Long jobs: never on a GUI thread.

namespace modelvault {

/// What a column has to be, as people say it.
struct RowCondition {
    enum class Test : std::uint8_t {
        Equal,
        NotEqual,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
        Contains, ///< the text of the value, in either case of ASCII letters
        Matches,  ///< a regular expression (RE2), anywhere in the text of the value
        IsNone,   ///< an optional that is none, or a field that the row's schema version did not have
    };

    std::size_t field = 0; ///< in the collection's current schema
    Test test = Test::Contains;
    std::string operand; ///< a number, text, a date…: as the field's type wants it; not used for IsNone

    bool operator==(const RowCondition &) const = default;
};

/// Why a condition can't be asked.
struct RowConditionFault {
    enum class Kind : std::uint8_t {
        WrongOperand, ///< is no value of the field's type
        NoOrder,      ///< lists and objects are not more or less than others
        BadRegex,     ///< `message` says why, in RE2's words
    };
    Kind kind = Kind::WrongOperand;
    TypeTag type = TypeTag::Bool; ///< what the field holds, without optionals
    std::string message;
};

/// What is typed for a column: `= x`, `!= x`, `< x`, `<= x`, `> x`, `>= x`, `~ regex`, `is none`; anything else is text
/// that the column contains. Space around the operand does not count. None if nothing is typed.
[[nodiscard]] std::optional<RowCondition> parseCondition(std::size_t field, std::string_view typed);

/// Conditions that all have to hold, ready to be asked of many rows. Any thread, one at a time.
class RowFilter {
public:
    /// `schema` is the collection's current one, and must live as long.
    [[nodiscard]] static std::expected<RowFilter, RowConditionFault> make(const SchemaVersion &schema,
                                                                          std::vector<RowCondition> conditions);
    RowFilter(RowFilter &&) noexcept;
    RowFilter &operator=(RowFilter &&) noexcept;
    ~RowFilter();

    /// The errors of Record::decode().
    [[nodiscard]] Result<bool> matches(const RowPayload &row);

private:
    class Condition;

    RowFilter();

    std::vector<Condition> m_conditions;
};

/// Told of some rows that were found, in the order of the log, as they are found. False: stop.
using RowsFound = std::function<bool(std::span<const RecordNo>)>;

/// The rows of the set that the filter lets through. Cancelled; the errors of RowReader::scan().
[[nodiscard]] Result<void> filterRows(RowReader &reader, const RecordSet &rows, RowFilter &filter,
                                      const RowsFound &found, const Progress &progress = {});

enum class RowOrder : std::uint8_t { Rising, Falling };

/// The rows of the set by the values of a field of `schema`. Stable: equal ones stay in the order of the log; none
/// comes last in both orders. Lists and objects count by their text, and of texts and bytes the first 4,096 bytes.
/// `among`: only these of the set, rising; all if there is no such list.
[[nodiscard]] Result<std::vector<RecordNo>> sortRows(RowReader &reader, const RecordSet &rows,
                                                     const SchemaVersion &schema, std::size_t field, RowOrder order,
                                                     std::optional<std::span<const RecordNo>> among = {},
                                                     const Progress &progress = {});

} // namespace modelvault
