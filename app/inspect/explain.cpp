#include "explain.h"

#include "inspected.h"
#include "words.h"

#include "explain/explainer.h"
#include "export/value_text.h"
#include "printable.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <type_traits>
#include <utility>

namespace modelvault::inspect {
namespace {

// --- Values ---

std::string magicText(std::uint64_t value)
{
    std::string letters;
    for (int i = 0; i < 4; ++i)
        letters += static_cast<char>(value >> (8 * i) & 0xFF);
    return '"' + printable(letters) + '"';
}

std::string numberText(FieldKind kind, std::uint64_t value)
{
    switch (kind) {
    case FieldKind::Magic:
        return magicText(value);
    case FieldKind::Checksum:
        return std::format("{:08x}", value);
    case FieldKind::Place:
        return hex(value);
    default:
        return std::to_string(value);
    }
}

/// The first bytes, with their number where there are more.
std::string spacedHex(const FirstBytes &value)
{
    constexpr std::size_t kMostShown = 16;
    std::string text;
    for (const auto byte : std::span(value.bytes).first(std::min(value.bytes.size(), kMostShown)))
        text += std::format("{}{:02x}", text.empty() ? "" : " ", std::to_integer<unsigned>(byte));
    return value.length > kMostShown ? text + std::format(" … ({})", counted(value.length, "byte")) : text;
}

std::string valueText(const FieldNode &node)
{
    if (node.role == FieldNode::Role::Padding && node.found == 0 && node.length() > 0)
        return "zeros";
    struct Text {
        const FieldNode &node;
        std::string operator()(std::monostate) const { return node.kind == FieldKind::None ? "none" : ""; }
        std::string operator()(bool value) const { return value ? "true" : "false"; }
        std::string operator()(std::uint64_t value) const
        {
            return node.kind == FieldKind::Count && !node.isLeaf() ? counted(value, "value")
                                                                   : numberText(node.kind, value);
        }
        std::string operator()(std::int64_t value) const
        {
            return node.kind == FieldKind::Timestamp
                ? std::format("{} ({} µs since 1970)", timestampText({value}), value)
                : std::to_string(value);
        }
        std::string operator()(double value) const { return std::format("{}", value); }
        std::string operator()(const std::string &value) const { return inQuotes(value); }
        std::string operator()(const UuidBytes &value) const { return uuidText(value); }
        std::string operator()(const FirstBytes &value) const { return spacedHex(value); }
    };
    auto text = std::visit(Text{node}, node.value);
    if (node.valueName.empty() || text.empty())
        return node.valueName.empty() ? text : std::string(node.valueName);
    return text + " (" + std::string(node.valueName) + ')';
}

std::string ruleText(const FieldNode &node)
{
    const auto &rule = node.rule;
    switch (rule.kind) {
    case Rule::Kind::None:
        return {};
    case Rule::Kind::Between:
        return rule.lowest == rule.highest
            ? "must be " + numberText(node.kind, rule.lowest)
            : std::format("must be {} to {}", numberText(node.kind, rule.lowest), numberText(node.kind, rule.highest));
    case Rule::Kind::Zero:
        return "must be 0";
    case Rule::Kind::Checksum:
        return std::format("CRC-32C of {:#x} to {:#x}", rule.coversBegin.value, rule.coversEnd.value);
    case Rule::Kind::Utf8:
        return "must be UTF-8";
    case Rule::Kind::SegmentAt:
        return std::format("must be where a {} begins", segmentTypeName(static_cast<SegmentType>(rule.lowest)));
    case Rule::Kind::Key:
        return std::format("key of type {}", typeTagName(rule.lowest));
    case Rule::Kind::UnknownKey:
        return "key of a type that the catalog does not tell";
    case Rule::Kind::InTransaction:
        return "must be in a transaction";
    case Rule::Kind::NoTransaction:
        return "must be outside of transactions";
    }
    return {};
}

bool isMagicError(ErrorCode code)
{
    return code == ErrorCode::BadMagic || code == ErrorCode::BadSuperblockMagic || code == ErrorCode::BadSegmentMagic;
}

bool isTruncation(ErrorCode code)
{
    return code == ErrorCode::TruncatedHeader || code == ErrorCode::TruncatedSuperblock
        || code == ErrorCode::TruncatedSegmentHeader;
}

/// What was wanted and what is there.
std::string differenceText(const FieldNode &node)
{
    const bool isField = node.role == FieldNode::Role::Field;
    // Bytes that were to be one field, or a whole structure.
    if (!isField && (node.kind == FieldKind::Bytes || (node.error && isTruncation(*node.error))))
        return std::format("{} needed, {} left", counted(node.expected, "byte"), grouped(node.found));
    const auto kind = !isField && node.error && isMagicError(*node.error) ? FieldKind::Magic : node.kind;
    const auto &rule = node.rule;
    if (rule.kind == Rule::Kind::SegmentAt)
        return std::format("expected {}, found {}", segmentTypeName(static_cast<SegmentType>(node.expected)),
                           node.found == 0 ? "no segment" : segmentTypeName(static_cast<SegmentType>(node.found)));
    const bool isRange = rule.kind == Rule::Kind::Between && rule.lowest != rule.highest
        && (node.expected == rule.lowest || node.expected == rule.highest);
    const auto wanted = isRange ? std::format("{} to {}", numberText(kind, rule.lowest), numberText(kind, rule.highest))
                                : numberText(kind, node.expected);
    return std::format("expected {}, found {}", wanted, numberText(kind, node.found));
}

std::string verdictText(const FieldNode &node)
{
    std::string text = ruleText(node);
    const auto say = [&text](const std::string &more) { text += (text.empty() ? "" : ", ") + more; };
    if (!text.empty() && !node.rule.isChecked)
        say("not checked");
    if (node.isNoKey())
        say("these bytes are no such key");
    if (node.role == FieldNode::Role::Padding && node.found != 0)
        say(counted(node.found, "byte") + " not zero");
    else if (node.expected != node.found)
        say((node.verdict == Verdict::Wrong ? "WRONG: " : "") + differenceText(node));
    else if (node.verdict == Verdict::Wrong)
        say("WRONG");
    if (node.error)
        say(std::string(errorName(*node.error)));
    return text;
}

std::string title(const FieldNode &node)
{
    std::string text(node.name);
    if (!node.label.empty())
        text += " " + inQuotes(node.label);
    return text;
}

void printNode(const FieldNode &node, std::size_t depth, std::ostream &out)
{
    const auto name = std::string(2 * depth, ' ') + title(node);
    auto line = std::format("{:#012x} {:>10}  {:<40}", node.begin.value, grouped(node.length()), name);
    for (const auto &more : {valueText(node), verdictText(node)})
        if (!more.empty())
            line += "  " + more;
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
}

void printTree(const FieldNode &node, std::size_t depth, std::ostream &out)
{
    printNode(node, depth, out);
    for (const auto &child : node.children)
        printTree(child, depth + 1, out);
}

// --- JSON ---

Json valueJson(const FieldNode &node)
{
    const auto make = []<class T>(const T &value) -> Json {
        if constexpr (std::is_same_v<T, std::monostate>)
            return {};
        else if constexpr (std::is_same_v<T, UuidBytes>)
            return uuidText(value);
        else if constexpr (std::is_same_v<T, FirstBytes>)
            return hexDigits(value.bytes);
        else if constexpr (std::is_same_v<T, double>)
            return std::isfinite(value) ? Json(value) : Json(std::format("{}", value)); // JSON has no others
        else
            return value;
    };
    return std::visit(make, node.value);
}

Json ruleJson(const Rule &rule)
{
    switch (rule.kind) {
    case Rule::Kind::None:
        break;
    case Rule::Kind::Between:
        return {{"kind", "between"}, {"checked", rule.isChecked}, {"lowest", rule.lowest}, {"highest", rule.highest}};
    case Rule::Kind::Zero:
        return {{"kind", "zero"}, {"checked", rule.isChecked}};
    case Rule::Kind::Checksum:
        return {{"kind", "crc32c"},
                {"checked", rule.isChecked},
                {"begin", rule.coversBegin.value},
                {"end", rule.coversEnd.value}};
    case Rule::Kind::Utf8:
        return {{"kind", "utf8"}, {"checked", rule.isChecked}};
    case Rule::Kind::SegmentAt:
        return {{"kind", "segment_at"},
                {"checked", rule.isChecked},
                {"type", segmentTypeName(static_cast<SegmentType>(rule.lowest))}};
    case Rule::Kind::Key:
        return {{"kind", "key"}, {"checked", rule.isChecked}, {"type", typeTagName(rule.lowest)}};
    case Rule::Kind::UnknownKey:
        return {{"kind", "key"}, {"checked", rule.isChecked}, {"type", nullptr}};
    case Rule::Kind::InTransaction:
        return {{"kind", "in_transaction"}, {"checked", rule.isChecked}};
    case Rule::Kind::NoTransaction:
        return {{"kind", "no_transaction"}, {"checked", rule.isChecked}};
    }
    return {};
}

constexpr std::uint64_t kMostRaw = 16; // bytes

/// Without its children.
Json toJson(const FieldNode &node, const Store &store)
{
    Json json = {{"name", node.name}};
    if (!node.label.empty())
        json["label"] = node.label;
    json["role"] = roleName(node.role);
    json["offset"] = node.begin.value;
    json["length"] = node.length();
    json["value"] = valueJson(node);
    if (node.role == FieldNode::Role::Field && node.length() > 0 && node.length() <= kMostRaw) {
        std::vector<std::byte> raw(node.length());
        if (store.readExactAt(node.begin, raw))
            json["raw"] = hexDigits(raw);
    }
    if (const auto *bytes = std::get_if<FirstBytes>(&node.value); bytes != nullptr && !bytes->isAll())
        json["value_bytes"] = bytes->length; // of which `value` has the first
    if (node.isNoKey())
        json["no_key"] = true;
    if (!node.valueName.empty())
        json["value_name"] = node.valueName;
    if (const auto target = node.target())
        json["target"] = target->value;
    if (node.rule.kind != Rule::Kind::None)
        json["rule"] = ruleJson(node.rule);
    if (node.role != FieldNode::Role::Structure || node.verdict == Verdict::Wrong)
        json["verdict"] = verdictName(node.verdict);
    if (node.expected != node.found) {
        json["expected"] = node.expected;
        json["found"] = node.found;
    }
    if (node.error)
        json["error"] = errorName(*node.error);
    return json;
}

Json treeJson(const FieldNode &node, const Store &store)
{
    auto json = toJson(node, store);
    if (node.isLeaf())
        return json;
    json["children"] = Json::array();
    for (const auto &child : node.children)
        json["children"].push_back(treeJson(child, store));
    return json;
}

Json toJson(const Coverage &bytes)
{
    return {{"named", bytes.named},
            {"padding", bytes.padding},
            {"unexplained", bytes.unexplained},
            {"faults", bytes.faults}};
}

ExitCode explainByte(const Options &options, const Inspected &inspected, const Explainer &explainer, Offset offset,
                     Output output)
{
    if (offset.value >= inspected.snapshot->fileLength())
        return cannot(
            options,
            std::format("it ends before that offset, after {} bytes", grouped(inspected.snapshot->fileLength())),
            output);
    const auto piece = explainer.at(offset);
    if (!piece)
        return cannot(options, piece.error(), output);
    const auto path = pathTo(*piece, offset);
    const bool isSound = std::ranges::none_of(path, [](const FieldNode *node) { return node->error.has_value(); });
    if (options.json) {
        Json json = {{"file", options.file.string()}, {"offset", offset.value}, {"path", Json::array()}};
        for (const auto *node : path)
            json["path"].push_back(toJson(*node, *inspected.database.store));
        output.out << print(json);
    } else {
        for (std::size_t depth = 0; depth < path.size(); ++depth)
            printNode(*path[depth], depth, output.out);
    }
    return isSound ? inspected.exitCode() : kFindings;
}

} // namespace

ExitCode explain(const Options &options, std::optional<Offset> offset, Output output)
{
    const auto inspected = inspectFile(options, Depth::Catalog);
    if (!inspected)
        return cannot(options, inspected.error(), output);
    noteBadHeader(options, inspected->snapshot->head, output.err);
    noteMissingLock(options, inspected->database, output.err);
    const Explainer explainer(*inspected->database.store, inspected->snapshot);
    if (offset)
        return explainByte(options, *inspected, explainer, *offset, output);

    // One structure at a time, as there may be more than fit in memory.
    bool first = true;
    bool isSound = true;
    if (options.json)
        output.out << '[';
    const auto done =
        explainer.forEach(Offset{0}, Offset{inspected->snapshot->fileLength()}, [&](const FieldNode &node) {
            if (options.json)
                output.out << (first ? "\n" : ",\n") << compact(treeJson(node, *inspected->database.store));
            else
                printTree(node, 0, output.out);
            first = false;
            isSound &= !node.error;
            return output.out.good();
        });
    if (options.json)
        output.out << (first ? "]\n" : "\n]\n");
    if (!done)
        return cannot(options, done.error(), output);
    return isSound ? inspected->exitCode() : kFindings;
}

ExitCode coverage(const Options &options, Output output)
{
    const auto inspected = inspectFile(options, Depth::Catalog);
    if (!inspected)
        return cannot(options, inspected.error(), output);
    noteBadHeader(options, inspected->snapshot->head, output.err);
    noteMissingLock(options, inspected->database, output.err);
    const auto structures = modelvault::coverage({*inspected->database.store, inspected->snapshot});
    if (!structures)
        return cannot(options, structures.error(), output);
    Coverage total;
    for (const auto &[name, bytes] : *structures) {
        total.named += bytes.named;
        total.padding += bytes.padding;
        total.unexplained += bytes.unexplained;
        total.faults += bytes.faults;
    }
    const auto exitCode = total.unexplained == 0 && total.faults == 0 ? inspected->exitCode() : kFindings;
    if (options.json) {
        Json json = {{"file", options.file.string()}, {"length", inspected->snapshot->fileLength()}};
        json.update(toJson(total));
        json["structures"] = Json::object();
        for (const auto &[name, bytes] : *structures)
            json["structures"][std::string(name)] = toJson(bytes);
        output.out << print(json);
        return exitCode;
    }
    const auto line = [&output](std::string_view name, const Coverage &bytes) {
        output.out << std::format("{:<20}{:>16}{:>16}{:>16}\n", name, grouped(bytes.named), grouped(bytes.padding),
                                  grouped(bytes.unexplained));
    };
    output.out << std::format("{:<20}{:>16}{:>16}{:>16}\n", "bytes", "named", "padding", "unexplained");
    for (const auto &[name, bytes] : *structures)
        line(name, bytes);
    line("all", total);
    if (total.faults > 0)
        output.out << std::format("something is wrong in {}; \"explain\" says what\n",
                                  counted(total.faults, "structure"));
    return exitCode;
}

} // namespace modelvault::inspect
