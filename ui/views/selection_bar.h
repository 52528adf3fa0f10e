#pragma once

#include "models/document.h"

#include <QWidget>

class QLabel;
class QLineEdit;

namespace modelvault::ui {

/// Begin, end and length of what is selected, in hex and decimal; typed to select.
class SelectionBar : public QWidget {
    Q_OBJECT

public:
    explicit SelectionBar(QWidget *parent = nullptr);

    /// `end` is exclusive, as everywhere; `length`: of the file.
    void show(Document::Selection selection, std::uint64_t length);

Q_SIGNALS:
    void selectionTyped(modelvault::Offset begin, modelvault::Offset end);

private:
    enum class Field : std::uint8_t { Begin, End, Length };

    QLineEdit *addField(Field field, const QString &name, const QString &help);
    void take(Field field);

    Document::Selection m_selection;
    std::uint64_t m_length = 0;
    QLineEdit *m_begin;
    QLineEdit *m_end;
    QLineEdit *m_size;
    QLabel *m_decimal;
};

} // namespace modelvault::ui
