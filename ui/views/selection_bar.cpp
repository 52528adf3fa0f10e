#include "views/selection_bar.h"

#include "text/place_request.h"
#include "text/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolTip>

#include <algorithm>

namespace modelvault::ui {

SelectionBar::SelectionBar(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(fontMetrics().averageCharWidth(), 0, fontMetrics().averageCharWidth(), 0);
    m_begin = addField(Field::Begin, tr("Begin"), tr("First byte of the selection; type an offset to move it"));
    m_end = addField(Field::End, tr("End"), tr("Behind the last byte of the selection; type an offset to change it"));
    m_size = addField(Field::Length, tr("Length"), tr("Bytes in the selection; type a number to change it"));
    m_decimal = new QLabel(this);
    m_decimal->setTextFormat(Qt::PlainText);
    m_decimal->setObjectName(QStringLiteral("selectionDecimal"));
    layout->addWidget(m_decimal);
    layout->addStretch();
}

QLineEdit *SelectionBar::addField(Field field, const QString &name, const QString &help)
{
    auto *edit = new QLineEdit(this);
    edit->setObjectName(QStringLiteral("selection") + QString::number(static_cast<int>(field)));
    edit->setAccessibleName(name);
    edit->setToolTip(help);
    edit->setFrame(false);
    edit->setMaximumWidth(fontMetrics().averageCharWidth() * 20);
    auto *label = new QLabel(name, this);
    label->setBuddy(edit);
    layout()->addWidget(label);
    layout()->addWidget(edit);
    connect(edit, &QLineEdit::returnPressed, this, [this, field] { take(field); });
    // What was typed but not confirmed does not stay.
    connect(edit, &QLineEdit::editingFinished, this, [this, edit] {
        if (!edit->hasFocus())
            show(m_selection, m_length);
    });
    return edit;
}

void SelectionBar::show(Document::Selection selection, std::uint64_t length)
{
    m_selection = selection;
    m_length = length;
    m_begin->setText(offsetText(selection.begin));
    m_end->setText(offsetText(selection.end));
    m_size->setText(hexText(selection.end - selection.begin));
    m_decimal->setText(tr("%1 – %2, %3 bytes")
                           .arg(groupedText(selection.begin.value), groupedText(selection.end.value),
                                groupedText(selection.end - selection.begin)));
}

void SelectionBar::take(Field field)
{
    auto *edit = field == Field::Begin ? m_begin : field == Field::End ? m_end : m_size;
    const auto number = parseNumber(edit->text());
    if (!number) {
        QToolTip::showText(edit->mapToGlobal(QPoint(0, -edit->height() * 2)), toolTipText(number.error()), edit);
        return;
    }
    const auto size = m_selection.end - m_selection.begin;
    const Offset fileEnd{m_length};
    Document::Selection next = m_selection;
    switch (field) {
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
    show(next, m_length);
}

} // namespace modelvault::ui
