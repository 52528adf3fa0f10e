#include "views/selection_bar.h"

#include "text/place_request.h"
#include "text/words.h"
#include "views/flow_layout.h"
#include "views/said_tip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>

#include <algorithm>
#include <utility>

namespace modelvault::ui {

SelectionBar::SelectionBar(QWidget *parent) : QWidget(parent)
{
    auto *layout = new FlowLayout(this);
    layout->setContentsMargins(fontMetrics().averageCharWidth(), 0, fontMetrics().averageCharWidth(), 0);
    layout->setSpacing(fontMetrics().averageCharWidth());
    m_cursorField = addField(Field::Cursor, tr("Cursor"), tr("The byte at the cursor; type an offset to go there"));
    m_begin = addField(Field::Begin, tr("Begin"), tr("First byte of the selection; type an offset to move it"));
    m_end = addField(Field::End, tr("End"), tr("Behind the last byte of the selection; type an offset to change it"));
    m_size = addField(Field::Length, tr("Length"), tr("Bytes in the selection; type a number to change it"));
    m_decimal = new QLabel(this);
    m_decimal->setObjectName(QStringLiteral("selectionDecimal"));
    m_decimal->setTextFormat(Qt::PlainText);
    m_decimal->setMinimumHeight(m_cursorField->sizeHint().height()); // beside the fields, on their line
    layout->addWidget(m_decimal);
    sizeFields();
}

QLineEdit *SelectionBar::addField(Field field, const QString &name, const QString &help)
{
    auto *pair = new QWidget(this);
    auto *edit = new QLineEdit(pair);
    edit->setObjectName(QStringLiteral("selection") + QString::number(static_cast<int>(field)));
    edit->setAccessibleName(name);
    edit->setToolTip(help);
    edit->setFrame(false);
    auto *label = new QLabel(name, pair);
    label->setToolTip(help);
    label->setBuddy(edit);
    auto *side = new QHBoxLayout(pair);
    side->setContentsMargins({});
    side->addWidget(label);
    side->addWidget(edit);
    layout()->addWidget(pair);
    connect(edit, &QLineEdit::returnPressed, this, [this, field] { take(field); });
    // What was typed but not confirmed does not stay.
    connect(edit, &QLineEdit::editingFinished, this, [this, edit] {
        if (!edit->hasFocus())
            showAgain();
    });
    return edit;
}

/// As wide as the longest number of this file, whatever is in them: they do not move while the cursor does.
void SelectionBar::sizeFields()
{
    const auto longest = offsetText(Offset{m_length}) + QStringLiteral("00");
    for (const auto field : {Field::Begin, Field::End, Field::Length, Field::Cursor})
        edit(field)->setFixedWidth(fontMetrics().horizontalAdvance(longest) + fontMetrics().averageCharWidth());
}

// A field that goes while it has the focus says that editing finished; we are no longer there to hear it.
SelectionBar::~SelectionBar()
{
    for (const auto field : {Field::Begin, Field::End, Field::Length, Field::Cursor})
        edit(field)->disconnect(this);
}

void SelectionBar::show(Document::Selection selection, Offset cursor, std::uint64_t length)
{
    m_selection = selection;
    m_cursor = cursor;
    if (std::exchange(m_length, length) != length)
        sizeFields();
    const auto say = [](QLineEdit *edit, const QString &text) {
        if (!edit->hasFocus() || !edit->isModified()) // what is being typed stays
            edit->setText(text);
    };
    say(m_cursorField, offsetText(cursor));
    say(m_begin, offsetText(selection.begin));
    say(m_end, offsetText(selection.end));
    say(m_size, hexText(selection.end - selection.begin));
    const auto size = selection.end - selection.begin;
    m_decimal->setText(tr("%1: %2 – %3, %4")
                           .arg(groupedText(cursor.value), groupedText(selection.begin.value),
                                groupedText(selection.end.value),
                                size == 1 ? tr("1 byte") : tr("%1 bytes").arg(groupedText(size))));
    m_decimal->setToolTip(
        tr("In decimal: the cursor, begin and end of the selection, and its length\n%1").arg(m_decimal->text()));
    keepHeight();
}

/// Splitters around it do not ask how high it gets where it is narrow.
void SelectionBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    keepHeight();
}

void SelectionBar::keepHeight()
{
    setMinimumHeight(layout()->heightForWidth(width()));
}

QLineEdit *SelectionBar::edit(Field field) const
{
    switch (field) {
    case Field::Begin:
        return m_begin;
    case Field::End:
        return m_end;
    case Field::Length:
        return m_size;
    case Field::Cursor:
        break;
    }
    return m_cursorField;
}

void SelectionBar::take(Field field)
{
    auto *typed = edit(field);
    const auto number = parseNumber(typed->text());
    if (!number) {
        sayAt(typed, QPoint(0, -typed->height() * 2), number.error());
        return;
    }
    typed->setModified(false);
    const auto size = m_selection.end - m_selection.begin;
    const Offset fileEnd{m_length};
    Document::Selection next = m_selection;
    switch (field) {
    case Field::Cursor:
        next.begin = std::min(Offset{*number}, Offset{m_length == 0 ? 0 : m_length - 1});
        next.end = std::min(next.begin + 1, fileEnd);
        break;
    case Field::Begin: // moves the selection and keeps its length
        next.begin = std::min(Offset{*number}, fileEnd);
        next.end = next.begin + std::min(size, fileEnd - next.begin);
        break;
    case Field::End:
        next.end = std::min(Offset{*number}, fileEnd);
        next.begin = std::min(next.begin, next.end);
        break;
    case Field::Length:
        next.end = next.begin + std::min(*number, fileEnd - std::min(next.begin, fileEnd));
        break;
    }
    Q_EMIT selectionTyped(next.begin, next.end);
    showAgain(); // where nothing changed, what was typed still goes
}

} // namespace modelvault::ui
