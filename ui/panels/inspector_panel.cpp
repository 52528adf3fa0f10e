#include "panels/inspector_panel.h"

#include "text/words.h"
#include "views/elided_label.h"
#include "views/hinted_list.h"

#include <QClipboard>
#include <QComboBox>
#include <QFocusEvent>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

#include <utility>

namespace modelvault::ui {
namespace {

// In characters.
constexpr int kLeastWidth = 26;
constexpr int kNames = 11;
constexpr int kUuid = 37; // the longest of the values that everything has

} // namespace

InspectorPanel::InspectorPanel(QWidget *parent)
    : QWidget(parent),
      m_place(new ElidedLabel(this)),
      m_order(new QComboBox(this)),
      m_list(new HintedList(this)),
      m_compute(new QPushButton(this))
{
    m_place->setObjectName(QStringLiteral("inspectedPlace"));
    m_order->setObjectName(QStringLiteral("byteOrder"));
    m_order->setAccessibleName(tr("Byte order"));
    m_order->setToolTip(tr("Byte order of integers, floats and timestamps"));
    m_order->addItems({tr("Little Endian"), tr("Big Endian")}); // as in ByteOrder
    m_compute->setObjectName(QStringLiteral("computeChecksum"));
    makeList();

    const int space = fontMetrics().averageCharWidth();
    auto *line = new QHBoxLayout;
    line->setContentsMargins(space, space / 2, space / 2, space / 2);
    line->addWidget(m_place, 1);
    line->addWidget(m_order);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addLayout(line);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_compute);
    setMinimumWidth(space * kLeastWidth);

    connect(m_order, &QComboBox::activated, this, [this](int index) {
        m_model.setByteOrder(static_cast<ByteOrder>(index));
        Q_EMIT byteOrderChanged(m_model.byteOrder());
    });
    connect(m_compute, &QPushButton::clicked, this, [this] {
        if (m_model.checksum() == InspectorModel::Checksum::Running)
            m_model.stopChecksum();
        else
            m_model.startChecksum();
    });
    connect(&m_model, &InspectorModel::checksumChanged, this, &InspectorPanel::showChecksum);
    showSource(false);
    showChecksum();
}

void InspectorPanel::makeList()
{
    m_list->setObjectName(QStringLiteral("inspector"));
    m_list->setAccessibleName(tr("Values of the selected bytes"));
    m_list->setModel(&m_model);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    auto *header = m_list->header();
    header->setSectionsMovable(false);
    header->setStretchLastSection(false);
    header->setSectionResizeMode(static_cast<int>(InspectorModel::Column::Name), QHeaderView::ResizeToContents);
    // No value is cut: where there is no room, the list scrolls.
    header->setSectionResizeMode(static_cast<int>(InspectorModel::Column::Value), QHeaderView::ResizeToContents);
    m_list->installEventFilter(this);
    connect(m_list, &QWidget::customContextMenuRequested, this, &InspectorPanel::showMenu);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &index) {
        if (index.isValid())
            m_row = index.row();
    });
    connect(&m_model, &QAbstractItemModel::modelReset, this,
            [this] { m_list->setCurrentIndex(m_model.index(m_row, 0)); });
}

void InspectorPanel::setDocument(Document *document)
{
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    if (document != nullptr) {
        connect(document, &Document::snapshotChanged, this, [this] { showSource(isVisible()); });
        connect(document, &Document::stateChanged, this, [this] { showSource(isVisible()); });
        connect(document, &Document::selectionChanged, this, &InspectorPanel::showSelection);
    }
    showSource(isVisible());
}

void InspectorPanel::setByteOrder(ByteOrder order)
{
    m_order->setCurrentIndex(std::to_underlying(order));
    m_model.setByteOrder(order);
}

QSize InspectorPanel::sizeHint() const
{
    const QFontMetrics fixed(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    const int frame = m_list->verticalScrollBar()->sizeHint().width() + 2 * m_list->frameWidth();
    return {fontMetrics().averageCharWidth() * kNames + fixed.horizontalAdvance(QLatin1Char('0')) * kUuid + frame,
            QWidget::sizeHint().height()};
}

void InspectorPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    showSource(true);
}

void InspectorPanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    showSource(false);
}

void InspectorPanel::showSource(bool isVisible)
{
    const bool isShown = m_document && isVisible;
    m_model.setSource(isShown ? m_document->store() : nullptr, isShown ? m_document->snapshot() : nullptr,
                      isShown ? m_document->selection() : Document::Selection());
    const bool isEmpty = m_model.rowCount() == 0;
    m_list->setHeaderHidden(isEmpty);
    m_order->setEnabled(!isEmpty);
    m_list->setHint(!m_document ? tr("No database is open.") : isEmpty ? tr("There are no bytes to show.") : QString());
    showSelection();
}

void InspectorPanel::showSelection()
{
    if (m_model.rowCount() == 0) {
        m_place->setText({});
        return;
    }
    const auto selection = m_document->selection();
    m_model.setSelection(selection);
    const auto length = selection.end - selection.begin;
    const auto place = offsetText(selection.begin);
    m_place->setText(length > 1 ? tr("%1, %2 bytes").arg(place, groupedText(length)) : place);
}

void InspectorPanel::showChecksum()
{
    const auto checksum = m_model.checksum();
    const bool isRunning = checksum == InspectorModel::Checksum::Running;
    const auto selection = m_document ? m_document->selection() : Document::Selection();
    const bool isLong = selection.end - selection.begin > InspectorModel::kMostAtOnce;
    const bool isOffered = isLong && (isRunning || checksum == InspectorModel::Checksum::Waiting);
    if (isOffered)
        m_compute->setText(isRunning ? tr("Stop")
                                     : tr("Compute CRC-32C of %1").arg(sizeText(selection.end - selection.begin)));
    else if (m_compute->hasFocus())
        m_list->setFocus(Qt::OtherFocusReason);
    m_compute->setVisible(isOffered);
}

QString InspectorPanel::currentValue() const
{
    const auto index = m_list->currentIndex().siblingAtColumn(static_cast<int>(InspectorModel::Column::Value));
    return index.data(InspectorModel::IsValueRole).toBool() ? index.data().toString() : QString();
}

void InspectorPanel::copyValue()
{
    if (const auto value = currentValue(); !value.isEmpty())
        QGuiApplication::clipboard()->setText(value);
}

bool InspectorPanel::eventFilter(QObject *watched, QEvent *event)
{
    // The list itself would copy names, and reasons for no value.
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy)) {
        copyValue();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void InspectorPanel::showMenu(QPoint at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *copy = menu->addAction(tr("&Copy Value"), QKeySequence::Copy, this, &InspectorPanel::copyValue);
    copy->setEnabled(!currentValue().isEmpty());
    menu->popup(m_list->viewport()->mapToGlobal(at));
}

// Not by a focus proxy: Tab would pass by all else in here.
void InspectorPanel::focusInEvent(QFocusEvent *event)
{
    m_list->setFocus(event->reason());
}

} // namespace modelvault::ui
