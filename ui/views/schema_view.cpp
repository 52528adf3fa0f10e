#include "views/schema_view.h"

#include "models/list_limits.h"
#include "text/words.h"
#include "views/elided_label.h"
#include "views/hinted_list.h"
#include "views/json_highlighter.h"
#include "views/return_key.h"
#include "views/schema_icons.h"

#include <QComboBox>
#include <QEvent>
#include <QFocusEvent>
#include <QFontDatabase>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScopedValueRollback>
#include <QSplitter>
#include <QTabWidget>
#include <QTextDocument>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <algorithm>
#include <ranges>
#include <utility>

namespace modelvault::ui {
namespace {

constexpr int kIdRole = Qt::UserRole + 1;
constexpr int kMostWidth = 30; // of a column, in characters, as it is sized at first

QStandardItem *makeItem(const QString &text)
{
    auto *item = new QStandardItem(text);
    item->setToolTip(toolTipText(text));
    item->setEditable(false);
    return item;
}

void sizeColumns(QTreeView &tree)
{
    const int most = tree.fontMetrics().averageCharWidth() * kMostWidth;
    for (int column = 0; column + 1 < tree.model()->columnCount(); ++column) {
        tree.resizeColumnToContents(column);
        tree.setColumnWidth(column, std::min(tree.columnWidth(column) + tree.fontMetrics().averageCharWidth(), most));
    }
}

} // namespace

SchemaView::SchemaView(QWidget *parent)
    : QWidget(parent),
      m_collections(makeList(m_collectionModel, "schemaCollections", tr("Collections and their schemas"))),
      m_versions(makeList(m_versionModel, "schemaVersions", tr("Versions of the schema, newest first"))),
      m_leftOut(new QLabel(this)),
      m_unused(new QLabel(this)),
      m_tabs(new QTabWidget(this)),
      m_fields(makeList(m_fieldModel, "schemaFields", tr("Fields and indexes"))),
      m_changes(makeList(m_changeModel, "schemaChanges", tr("What changed between two versions"))),
      m_json(new QPlainTextEdit(this)),
      m_before(new QComboBox(this)),
      m_after(new QComboBox(this)),
      m_summary(new ElidedLabel(this)),
      m_load(
          [](const Wish &wish) {
              return QtConcurrent::run([wish]() -> Picture {
                  const auto *collection = wish.catalog->catalog().find(wish.collectionId);
                  return std::make_shared<const SchemaPicture>(
                      schemaPicture(*collection, wish.before, wish.after, *wish.catalog));
              });
          },
          [this](const Picture &picture) { take(picture); })
{
    m_collectionModel.setHorizontalHeaderLabels({tr("Collection"), tr("Fields"), tr("Versions")});
    m_versionModel.setHorizontalHeaderLabels({tr("Version"), tr("Txn"), tr("Offset"), tr("Changed")});
    m_fieldModel.setHorizontalHeaderLabels({tr("Name"), tr("Type"), tr("Constraints")});
    m_changeModel.setHorizontalHeaderLabels(
        {tr("Change"), tr("Of"), tr("Before"), tr("After"), tr("For rows, that is")});
    for (auto *list : {m_collections, m_versions}) {
        list->setRootIsDecorated(false);
        list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // the last column takes what is left
    }
    // But for numbers, which read better side by side.
    m_collections->header()->setStretchLastSection(false);
    m_collections->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_collections->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    connect(m_collections->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &SchemaView::chooseCollection);
    const auto askForRows = [this] {
        const auto id = m_collections->currentIndex().siblingAtColumn(0).data(kIdRole);
        if (id.isValid())
            Q_EMIT rowsRequested(id.toUInt());
    };
    connect(m_collections, &QAbstractItemView::doubleClicked, this, askForRows);
    new ReturnKey(m_collections, askForRows);
    connect(m_versions->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &SchemaView::chooseVersion);
    m_leftOut->setObjectName(QStringLiteral("schemaLeftOut"));
    m_unused->setObjectName(QStringLiteral("schemaUnused"));
    for (auto *label : {m_leftOut, m_unused}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setMargin(fontMetrics().averageCharWidth());
    }

    m_json->setObjectName(QStringLiteral("schemaJson"));
    m_json->setAccessibleName(tr("The schema as JSON"));
    m_json->setReadOnly(true);
    m_json->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_json->setFrameShape(QFrame::NoFrame);
    m_tabs->setObjectName(QStringLiteral("schemaTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->setMinimumWidth(fontMetrics().averageCharWidth() * 24); // in a small window
    m_tabs->addTab(m_fields, tr("Fields"));
    m_tabs->addTab(makeComparison(), tr("Compare"));
    m_tabs->addTab(m_json, tr("JSON"));
    // What it needs to know takes a while to load: not before somebody looks.
    connect(m_tabs, &QTabWidget::currentChanged, m_json, [this] {
        if (m_tabs->currentWidget() == m_json && m_json->document()->findChild<JsonHighlighter *>() == nullptr)
            new JsonHighlighter(m_json);
    });

    auto *versions = new QWidget(this);
    auto *versionsLayout = new QVBoxLayout(versions);
    versionsLayout->setContentsMargins({});
    versionsLayout->setSpacing(0);
    versionsLayout->addWidget(m_versions, 1);
    versionsLayout->addWidget(m_leftOut);
    versionsLayout->addWidget(m_unused);
    auto *left = new QSplitter(Qt::Vertical, this);
    left->addWidget(m_collections);
    left->addWidget(versions);
    left->setChildrenCollapsible(false);
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(left);
    splitter->addWidget(m_tabs);
    splitter->setChildrenCollapsible(false);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 5);
    splitter->setSizes({2000, 3300}); // in proportion
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(splitter);
    showUnused();
    take(nullptr);
}

HintedList *SchemaView::makeList(QStandardItemModel &model, const char *name, const QString &accessibleName)
{
    auto *list = new HintedList(this);
    list->setObjectName(QString::fromLatin1(name));
    list->setAccessibleName(accessibleName);
    list->setModel(&model);
    list->setUniformRowHeights(true);
    list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list->setFrameShape(QFrame::NoFrame);
    return list;
}

QWidget *SchemaView::makeComparison()
{
    const int unit = fontMetrics().averageCharWidth();
    m_before->setObjectName(QStringLiteral("schemaBefore"));
    m_before->setAccessibleName(tr("The version to compare with"));
    m_after->setObjectName(QStringLiteral("schemaAfter"));
    m_after->setAccessibleName(tr("The version that is compared"));
    m_summary->setObjectName(QStringLiteral("schemaSummary"));
    for (auto *versions : {m_before, m_after}) {
        versions->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        versions->setMinimumWidth(unit * 9); // in a small window
        connect(versions, &QComboBox::currentIndexChanged, this, [this] {
            if (!m_isFilling && m_before->currentIndex() >= 0 && m_after->currentIndex() >= 0)
                compare(m_before->currentData().toULongLong(), m_after->currentData().toULongLong());
        });
    }
    auto *line = new QHBoxLayout;
    line->setContentsMargins(unit, unit / 2, unit, unit / 2);
    line->setSpacing(unit);
    line->addWidget(m_before);
    line->addWidget(new QLabel(QStringLiteral("→"), this));
    line->addWidget(m_after);
    line->addWidget(m_summary, 1);
    auto *page = new QWidget(this);
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addLayout(line);
    layout->addWidget(m_changes, 1);
    return page;
}

void SchemaView::setSnapshot(const std::shared_ptr<const Snapshot> &snapshot)
{
    auto catalog = snapshot ? snapshot->catalog : nullptr;
    if (catalog == m_catalog)
        return;
    m_catalog = std::move(catalog);
    fillCollections();
    showUnused();
    load();
}

/// What the log has of schemas beside these.
void SchemaView::showUnused()
{
    std::uint64_t faults = 0;
    std::uint64_t others = 0;
    static const std::vector<CatalogChange> kNone;
    for (const auto &change : m_catalog ? m_catalog->changes() : kNone) {
        if (change.fault)
            ++faults;
        else if (!change.counts)
            ++others;
    }
    QStringList texts;
    if (faults > 0)
        texts += faults == 1 ? tr("1 schema segment is wrong and changes nothing.")
                             : tr("%1 schema segments are wrong and change nothing.").arg(groupedText(faults));
    if (others > 0)
        texts += others == 1 ? tr("1 schema segment does not count: it was not committed.")
                             : tr("%1 schema segments do not count: they were not committed.").arg(groupedText(others));
    m_unused->setText(texts.join(QLatin1Char(' ')));
    m_unused->setVisible(!texts.isEmpty());
}

void SchemaView::setEmptyText(const QString &text)
{
    m_emptyText = text;
    showHints();
}

void SchemaView::showHints()
{
    const bool isEmpty = m_collectionModel.rowCount() == 0;
    m_collections->setHint(isEmpty ? m_emptyText : QString());
    m_changes->setHint(!m_picture                       ? QString()
                           : !m_picture->before         ? tr("There is only one version: nothing to compare it with.")
                           : m_picture->changes.empty() ? tr("Both versions are empty.")
                                                        : QString());
}

void SchemaView::fillCollections()
{
    const QScopedValueRollback filling(m_isFilling, true);
    m_collectionModel.removeRows(0, m_collectionModel.rowCount());
    QModelIndex chosen;
    if (m_catalog) {
        const auto &all = m_catalog->catalog().collections();
        for (const auto &collection : all | std::views::values | std::views::take(kMostListedCollections)) {
            auto *name = makeItem(plainText(collection.name));
            name->setData(collection.id, kIdRole);
            auto *fields = makeItem(groupedText(collection.current().fields.size()));
            auto *versions = makeItem(groupedText(collection.versions.size()));
            for (auto *number : {fields, versions})
                number->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_collectionModel.appendRow({name, fields, versions});
            if (m_collectionId == collection.id)
                chosen = name->index();
        }
        if (all.size() > kMostListedCollections) {
            auto *more = makeItem(tr("and %1 more").arg(groupedText(all.size() - kMostListedCollections)));
            more->setEnabled(false);
            m_collectionModel.appendRow(more);
        }
    }
    if (!chosen.isValid() && m_collectionModel.rowCount() > 0) {
        chosen = m_collectionModel.index(0, 0);
        m_collectionId = chosen.data(kIdRole).toUInt();
        m_beforeChosen.reset();
        m_afterChosen.reset();
    } else if (!chosen.isValid() && m_catalog) {
        m_collectionId.reset(); // else what was chosen may come back
    }
    m_collections->setCurrentIndex(chosen);
    sizeColumns(*m_collections);
}

void SchemaView::chooseCollection(const QModelIndex &index)
{
    const auto id = index.siblingAtColumn(0).data(kIdRole);
    if (m_isFilling || !id.isValid())
        return;
    m_collectionId = id.toUInt();
    m_beforeChosen.reset();
    m_afterChosen.reset();
    load();
}

void SchemaView::showCollection(std::uint32_t id)
{
    const auto found = m_collectionModel.match(m_collectionModel.index(0, 0), kIdRole, id, 1, Qt::MatchExactly);
    if (!found.isEmpty())
        m_collections->setCurrentIndex(found.front());
}

/// With the one before it, and to its bytes.
void SchemaView::chooseVersion(const QModelIndex &index)
{
    if (m_isFilling || !index.isValid() || !m_picture)
        return;
    const auto &line = m_picture->versions[static_cast<std::size_t>(index.row())];
    m_afterChosen = line.version;
    m_beforeChosen.reset();
    Q_EMIT placeChosen(line.begin, line.end);
    load();
}

void SchemaView::compare(std::size_t before, std::size_t after)
{
    m_beforeChosen = before;
    m_afterChosen = after;
    load();
}

void SchemaView::load()
{
    const auto *collection = m_catalog && m_collectionId ? m_catalog->catalog().find(*m_collectionId) : nullptr;
    if (collection == nullptr) {
        m_load.drop();
        take(nullptr);
        return;
    }
    const auto count = collection->versions.size();
    const auto isThere = [count](std::optional<std::size_t> version) { return !version || *version < count; };
    if (!isThere(m_beforeChosen) || !isThere(m_afterChosen)) { // in a file that was replaced
        m_beforeChosen.reset();
        m_afterChosen.reset();
    }
    m_load.want(
        {.catalog = m_catalog, .collectionId = *m_collectionId, .before = m_beforeChosen, .after = m_afterChosen});
}

void SchemaView::take(const Picture &picture)
{
    const QScopedValueRollback filling(m_isFilling, true);
    static const SchemaPicture kNothing;
    const auto before = std::exchange(m_picture, picture);
    const auto &shown = picture ? *picture : kNothing;
    if (shown.versions != (before ? before->versions : kNothing.versions)) // else the list stays where it is
        fillVersions();
    chooseShown();
    fillTree(*m_fields, m_fieldModel, shown.fields);
    fillTree(*m_changes, m_changeModel, shown.changes);
    m_summary->setText(shown.summary);
    m_summary->setToolTip(toolTipText(shown.summary));
    m_leftOut->setText(shown.leftOut);
    m_leftOut->setVisible(!shown.leftOut.isEmpty());
    m_json->setPlainText(shown.json);
    showHints();
}

void SchemaView::fillVersions()
{
    m_versionModel.removeRows(0, m_versionModel.rowCount());
    m_before->clear();
    m_after->clear();
    if (!m_picture)
        return;
    for (const auto &version : m_picture->versions) {
        auto *number = makeItem(version.number);
        auto *transaction = makeItem(version.transaction);
        for (auto *item : {number, transaction})
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_versionModel.appendRow({number, transaction, makeItem(version.place), makeItem(version.changes)});
        for (auto *box : {m_before, m_after})
            box->addItem(version.name, QVariant::fromValue<qulonglong>(version.version));
    }
    sizeColumns(*m_versions);
}

void SchemaView::chooseShown()
{
    const bool canCompare = m_picture && m_picture->versions.size() > 1;
    m_before->setEnabled(canCompare);
    m_after->setEnabled(canCompare);
    const auto choose = [](QComboBox *box, std::optional<std::size_t> version) {
        box->setCurrentIndex(version ? box->findData(QVariant::fromValue<qulonglong>(*version)) : -1);
    };
    choose(m_before, m_picture ? m_picture->before : std::nullopt);
    choose(m_after, m_picture ? std::optional(m_picture->after) : std::nullopt);
    m_versions->setCurrentIndex(m_versionModel.index(m_after->currentIndex(), 0));
}

QList<QStandardItem *> SchemaView::itemsOf(const SchemaLine &line) const
{
    QList<QStandardItem *> items;
    for (const auto &cell : line.cells) {
        auto *item = makeItem(cell);
        if (line.mark == SchemaLine::Mark::Group) {
            auto font = item->font();
            font.setBold(true);
            item->setFont(font);
        }
        items += item;
    }
    items.front()->setIcon(schemaIcon(line.mark, palette()));
    for (const auto &below : line.below)
        items.front()->appendRow(itemsOf(below));
    return items;
}

void SchemaView::fillTree(HintedList &list, QStandardItemModel &model, const std::vector<SchemaLine> &lines)
{
    model.removeRows(0, model.rowCount());
    for (const auto &line : lines)
        model.appendRow(itemsOf(line));
    for (int row = 0; row < model.rowCount(); ++row) {
        list.expand(model.index(row, 0));
        list.setFirstColumnSpanned(row, {}, true);
    }
    sizeColumns(list);
}

// Icons are painted in the palette's colours.
void SchemaView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_picture)
        take(m_picture);
}

// Not by a focus proxy: Tab would pass by all else in here.
void SchemaView::focusInEvent(QFocusEvent *event)
{
    m_collections->setFocus(event->reason());
}

} // namespace modelvault::ui
