#pragma once

#include "database/snapshot.h"
#include "position.h"

#include <QString>
#include <QStringList>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

// What views show of schemas, in words. Takes a while for large ones; any thread.

namespace modelvault::ui {

/// A line of a tree, and those below it. All texts are harmless.
struct SchemaLine {
    enum class Mark : std::uint8_t { None, Group, PrimaryKey, UniqueIndex, Index, Added, Removed, Changed, Same };

    Mark mark = Mark::None;
    QStringList cells;
    std::vector<SchemaLine> below;
};

/// One version of a collection's schema.
struct SchemaVersionLine {
    std::size_t version = 0; ///< its place in Collection::versions
    QString number;          ///< "2"
    QString name;            ///< "Version 2"
    QString changes;         ///< what it changed of the one before: "needs migration, 3 changes"
    QString transaction;
    QString place;
    Offset begin; ///< of its segment
    Offset end;   ///< exclusive

    bool operator==(const SchemaVersionLine &) const = default;
};

/// What a collection's schema is, and what became of it.
struct SchemaPicture {
    enum FieldColumn { Name, Type, Constraints };
    enum ChangeColumn { What, Item, Before, After, Risk };

    std::vector<SchemaVersionLine> versions; ///< newest first, at most kMostVersions
    QString leftOut;                         ///< says so if there are more; else empty
    std::optional<std::size_t> before;       ///< the versions that are compared
    std::size_t after = 0;
    std::vector<SchemaLine> fields;  ///< of the later one, by FieldColumn
    std::vector<SchemaLine> changes; ///< from the one to the other, by ChangeColumn
    QString summary;                 ///< of these, in a sentence
    QString json;                    ///< of the later one, as mvinspect schema --json has it
};

inline constexpr std::size_t kMostVersions = 1000;

/// `before` and `after` are places in Collection::versions: the last one and the one before it if they are none.
[[nodiscard]] SchemaPicture schemaPicture(const Collection &collection, std::optional<std::size_t> before,
                                          std::optional<std::size_t> after, const CatalogHistory &catalog);

} // namespace modelvault::ui
