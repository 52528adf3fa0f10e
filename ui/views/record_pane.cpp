#include "views/record_pane.h"

#include "check/value_rules.h"
#include "database/row_index.h"
#include "database/row_reader.h"
#include "explain/explainer.h"
#include "export/json_row.h"
#include "export/row_columns.h"
#include "text/explain_words.h"
#include "text/schema_words.h"
#include "text/words.h"
#include "views/json_highlighter.h"

#include <QFocusEvent>
#include <QFontDatabase>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QTextDocument>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace modelvault::ui {
namespace {

constexpr std::size_t kMostShown = 4096;      // bytes of a value
constexpr std::size_t kMostVersions = 1000;   // of a row
constexpr std::uint64_t kMostRead = 64 << 20; // bytes of them in all
constexpr qsizetype kMostJson = 128 * 1024;   // characters: it is laid out and coloured at once
constexpr int kWidestColumn = 28;             // characters
constexpr int kBeginRole = Qt::UserRole;
constexpr int kEndRole = Qt::UserRole + 1;

/// "✔ max_length", "✘ regex": which rules of its schema a value keeps and breaks; empty for a field without any.
QString rulesText(const FieldDefinition &field, std::span<const RuleBreach> breaches,
                  std::span<const RuleBreach> unchecked)
{
    const auto has = [&](std::span<const RuleBreach> all, std::optional<ConstraintKind> constraint) {
        return std::ranges::any_of(all, [&](const RuleBreach &breach) {
            return breach.path == field.path && breach.constraint == constraint;
        });
    };
    QStringList texts;
    for (const auto &constraint : field.constraints) {
        const auto name = QString::fromLatin1(constraintName(std::to_underlying(constraint.kind)));
        texts += has(breaches, constraint.kind) ? RecordPane::tr("✘ %1 is broken").arg(name)
            : has(unchecked, constraint.kind)   ? RecordPane::tr("%1 is not checked").arg(name)
                                                : RecordPane::tr("✔ %1").arg(name);
    }
    if (has(breaches, std::nullopt))
        texts += RecordPane::tr("✘ the enum has no such variant");
    return texts.join(QStringLiteral(", "));
}

/// The field's node in the tree of a record; null if it is not there.
const FieldNode *nodeOf(const FieldNode &record, std::string_view name, std::string_view label)
{
    const auto found = std::ranges::find_if(record.children, [&](const FieldNode &node) {
        return node.name == name && (label.empty() || node.label == label);
    });
    return found != record.children.end() ? &*found : nullptr;
}

/// "0x2020 – 0x202c", behind its last byte.
QString rangeText(const FieldNode &node)
{
    return RecordPane::tr("%1 – %2").arg(offsetText(node.begin), offsetText(node.end));
}

/// As an export writes it, but for long values.
QString rowJson(const RowVersion &version)
{
    const auto &collection = *version.schema.collection;
    RowColumns columns(collection);
    const auto whole = columns.of(version.record);
    std::vector<const Value *> row(whole.begin(), whole.end());
    std::vector<Value> beginnings;
    beginnings.reserve(row.size());
    for (auto &value : row) {
        if (const auto cut = value != nullptr ? cutValue(*value, kMostShown) : std::nullopt)
            value = &beginnings.emplace_back(Value{cut->toStdString()});
    }
    std::string json;
    JsonRow(collection.current().fields).append(json, row);
    return QString::fromStdString(indentedJson(json));
}

/// In what a version differs from the one before it.
QString changesText(const RowVersion *before, const RowVersion &version)
{
    if (version.record.head.operation == RecordHead::Delete)
        return RecordPane::tr("the row is gone");
    if (before == nullptr || before->record.head.operation == RecordHead::Delete)
        return RecordPane::tr("the row is new");
    QStringList names;
    for (const auto &path : changedFields(before, version))
        names += plainText(path.text(kMostLabel));
    return names.isEmpty() ? RecordPane::tr("nothing changed") : names.join(QStringLiteral(", "));
}

} // namespace

RecordPane::RecordPane(QWidget *parent)
    : QWidget(parent),
      m_title(new QLabel(this)),
      m_tabs(new QTabWidget(this)),
      m_fields(new QTreeWidget(this)),
      m_json(new QPlainTextEdit(this)),
      m_history(new QTreeWidget(this)),
      m_load(
          [this](RecordNo record) {
              return QtConcurrent::run([store = m_store, snapshot = m_snapshot, record]() -> Answer {
                  return std::make_shared<const Shown>(read(*store, snapshot, record));
              });
          },
          [this](const Answer &shown) { take(*shown); })
{
    m_title->setTextFormat(Qt::PlainText);
    m_title->setObjectName(QStringLiteral("recordTitle"));
    m_title->setContentsMargins(fontMetrics().averageCharWidth(), fontMetrics().height() / 4, 0,
                                fontMetrics().height() / 4);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_fields->setObjectName(QStringLiteral("recordFields"));
    m_fields->setAccessibleName(tr("Fields of the row"));
    m_fields->setHeaderLabels({tr("Field"), tr("Value"), tr("Type"), tr("Rules"), tr("Bytes")});
    m_history->setObjectName(QStringLiteral("recordHistory"));
    m_history->setAccessibleName(tr("Versions of the row, newest first"));
    m_history->setHeaderLabels({tr("Version"), tr("Operation"), tr("Txn"), tr("Segment"), tr("Changed")});
    m_json->setObjectName(QStringLiteral("recordJson"));
    m_json->setAccessibleName(tr("The row as JSON"));
    m_json->setReadOnly(true);
    m_json->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_json->setFrameShape(QFrame::NoFrame);
    for (auto *tree : {m_fields, m_history}) {
        tree->setRootIsDecorated(false);
        tree->setUniformRowHeights(true);
        tree->setFrameShape(QFrame::NoFrame);
        connect(tree, &QTreeWidget::currentItemChanged, this, [this, tree] { choose(*tree); });
        // Again, where somebody looked elsewhere meanwhile.
        connect(tree, &QTreeWidget::itemClicked, this, [this, tree] { choose(*tree); });
        connect(tree, &QTreeWidget::itemActivated, this, [this, tree] { choose(*tree); });
    }
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_fields, tr("Record"));
    m_tabs->addTab(m_json, tr("JSON"));
    m_tabs->addTab(m_history, tr("History"));
    // What it needs to know takes a while to load: not before somebody looks.
    connect(m_tabs, &QTabWidget::currentChanged, m_json, [this] {
        if (m_tabs->currentWidget() == m_json && m_json->document()->findChild<JsonHighlighter *>() == nullptr)
            new JsonHighlighter(m_json);
    });
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_title);
    layout->addWidget(m_tabs, 1);
    take({});
}

void RecordPane::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    const bool isSame = m_store == store;
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    if (!isSame || !m_snapshot || !m_snapshot->rows || !m_snapshot->catalog)
        showRecord(std::nullopt);
}

void RecordPane::showRecord(std::optional<RecordNo> record)
{
    if (record && m_store) {
        m_load.want(*record);
    } else {
        m_load.drop();
        take({});
    }
}

RecordPane::Shown RecordPane::read(const Store &store, const std::shared_ptr<const Snapshot> &snapshot, RecordNo record)
{
    Shown shown;
    RowReader reader(store, snapshot);
    auto last = reader.read(record);
    if (!last) {
        shown.fault = errorText(last.error());
        return shown;
    }
    const auto &schema = *last->schema.schema;
    const auto piece = Explainer(store, snapshot).explain(last->segment);
    static const FieldNode kNothing;
    const auto &tree = piece.children.empty() ? kNothing : piece.children.back();
    const bool isThere = last->record.head.operation != RecordHead::Delete;
    std::size_t regexBudget = ValueRules::kMostRegexes;
    const ValueRules rules(schema.fields, last->schema.collection->primaryField, regexBudget);
    const auto breaches = isThere ? rules.breaches(last->record) : std::vector<RuleBreach>();
    for (std::size_t i = 0; i < schema.fields.size(); ++i) {
        const auto &field = schema.fields[i];
        const auto name = field.path.text(kMostLabel);
        const bool isKey = field.path.is(last->schema.collection->primaryField);
        const auto *node = isKey ? nodeOf(tree, "primary key", {}) : nodeOf(tree, "value", name);
        const auto *value = last->value(field.path, i);
        const bool isNone = value == nullptr || heldValue(*value) == nullptr;
        Line line{.cells = {plainText(name), isNone ? tr("none") : shownValue(*value, kMostShown), typeName(field.type),
                            isThere && (isKey || !isNone) ? rulesText(field, breaches, rules.unchecked()) : QString(),
                            node != nullptr ? rangeText(*node) : QString()},
                  .begin = node != nullptr ? node->begin : Offset{},
                  .end = node != nullptr ? node->end : Offset{}};
        shown.fields.insert(isKey ? shown.fields.begin() : shown.fields.end(), std::move(line));
    }
    if (isThere)
        shown.json = rowJson(*last);
    if (const auto whole = shown.json.size(); whole > kMostJson)
        shown.json = tr("%1…\n\n(the first %2 of %3 characters)")
                         .arg(shown.json.first(kMostJson), groupedText(kMostJson),
                              groupedText(static_cast<std::uint64_t>(whole)));
    shown.title =
        tr("%1: %2").arg(plainText(last->schema.collection->name), shownValue(last->record.head.key, kMostLabel));
    addHistory(reader, *snapshot->rows, *std::move(last), shown.history);
    return shown;
}

/// Two versions at a time: there may be many, and each of them large.
void RecordPane::addHistory(RowReader &reader, const RowIndex &rows, RowVersion version, std::vector<Line> &history)
{
    std::uint64_t number = 0; // of the version, counted from the oldest
    for (auto no = std::optional(version.no); no; no = rows.earlier(*no))
        ++number;
    std::uint64_t bytes = 0;
    for (;; --number) {
        bytes += version.segment.header.payloadLength;
        const auto earlier = rows.earlier(version.no);
        const bool isCut = earlier && (history.size() + 1 == kMostVersions || bytes > kMostRead);
        auto before = earlier && !isCut ? std::optional(reader.read(*earlier)) : std::nullopt;
        const auto *known = before && *before ? &**before : nullptr;
        const auto transaction = version.segment.transaction;
        history.push_back({.cells = {groupedText(number), operationText(version.record.head.operation),
                                     transaction ? groupedText(transaction->value) : QStringLiteral("–"),
                                     groupedText(version.segment.no.value),
                                     isCut ? tr("older versions are left out")
                                         : before && !*before
                                         ? tr("the version before can't be read: %1").arg(errorText(before->error()))
                                         : changesText(known, version)},
                           .begin = version.segment.offset,
                           .end = version.segment.end()});
        if (known == nullptr)
            return;
        version = std::move(**before);
    }
}

void RecordPane::take(const Shown &shown)
{
    m_isFilling = true;
    m_title->setText(!shown.fault.isEmpty()      ? tr("This row can't be read: %1").arg(shown.fault)
                         : shown.title.isEmpty() ? tr("Choose a row to see it in full.")
                                                 : shown.title);
    m_title->setToolTip(toolTipText(m_title->text()));
    fill(*m_fields, shown.fields);
    fill(*m_history, shown.history);
    m_json->setPlainText(shown.json);
    m_isFilling = false;
}

void RecordPane::fill(QTreeWidget &tree, const std::vector<Line> &lines)
{
    tree.clear();
    for (const auto &line : lines) {
        auto *item = new QTreeWidgetItem(&tree);
        for (std::size_t i = 0; i < line.cells.size(); ++i) {
            item->setText(static_cast<int>(i), line.cells[i]);
            item->setToolTip(static_cast<int>(i), toolTipText(line.cells[i]));
        }
        item->setData(0, kBeginRole, QVariant::fromValue<qulonglong>(line.begin.value));
        item->setData(0, kEndRole, QVariant::fromValue<qulonglong>(line.end.value));
    }
    // A long value must not push the others out of sight.
    const int widest = tree.fontMetrics().averageCharWidth() * kWidestColumn;
    for (int column = 0; column + 1 < tree.columnCount(); ++column) {
        tree.resizeColumnToContents(column);
        tree.setColumnWidth(column, std::min(tree.columnWidth(column), widest));
    }
}

void RecordPane::choose(const QTreeWidget &tree)
{
    const auto *item = tree.currentItem();
    if (m_isFilling || item == nullptr)
        return;
    const Offset begin{item->data(0, kBeginRole).toULongLong()};
    const Offset end{item->data(0, kEndRole).toULongLong()};
    if (begin < end)
        Q_EMIT placeChosen(begin, end);
}

// Not by a focus proxy: Tab would pass by all else in here.
void RecordPane::focusInEvent(QFocusEvent *event)
{
    m_tabs->currentWidget()->setFocus(event->reason());
}

} // namespace modelvault::ui
