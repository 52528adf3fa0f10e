#pragma once

#include "database/segment_summary.h"
#include "explain/field_tree.h"
#include "format/value.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

// What the engine explains, in words for people. Names of fields are the format's own and stay as they are. Any thread.

namespace modelvault::ui {

/// "books "Dune" insert", in one line; empty where there is nothing to say.
[[nodiscard]] QString summaryText(const SegmentSummary &summary);

/// A row's key: text in quotes, cut where it is long.
[[nodiscard]] QString keyText(const Value &key);
/// Its name, or "collection 7" where nobody knows it.
[[nodiscard]] QString collectionText(const std::string &name, std::uint32_t id);
/// "insert": what a record does.
[[nodiscard]] QString operationText(std::uint8_t operation);
/// A value as a cell shows it, in one line of harmless text; of one longer than `most` bytes the beginning, with its
/// size before it, so that it is seen in a narrow column. Empty for none.
[[nodiscard]] QString shownValue(const Value &value, std::size_t most);
/// The same of one that is longer; none for others.
[[nodiscard]] std::optional<QString> cutValue(const Value &value, std::size_t most);
/// "(16.0 MiB) 00ff…".
[[nodiscard]] QString cutValueText(const QString &size, const QString &beginning);

/// "entry "title""; of a record's fields, if the record is told, "field 3 "title"".
[[nodiscard]] QString fieldTitle(const FieldNode &node, const FieldNode *parent = nullptr);
[[nodiscard]] QString fieldValueText(const FieldNode &node);
/// "must be 1 to 9"; empty where anything goes.
[[nodiscard]] QString fieldRuleText(const FieldNode &node);
/// What is wrong with the node, or inside of it; empty if nothing is.
[[nodiscard]] QString fieldFaultText(const FieldNode &node);
/// All of that, with its place, in several lines.
[[nodiscard]] QString fieldDetails(const FieldNode &node, const FieldNode *parent = nullptr);
/// What it says, as JSON that other programs read: decodedJson().
[[nodiscard]] QString fieldJson(const FieldNode &node);
/// "segment 41 › record › field 3 "title"", from the outermost node to the innermost, each child of the one before it;
/// `segment` names the first. Fields of a record are numbered from 1, without its key.
[[nodiscard]] QString fieldPathText(std::span<const FieldNode *const> path, std::optional<SegmentNo> segment);

} // namespace modelvault::ui
