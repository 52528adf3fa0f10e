#pragma once

#include "models/document.h"

#include <QWidget>

class QLabel;
class QLineEdit;

namespace modelvault::ui {

/// The cursor, and begin, end and length of what is selected, in hex and decimal; typed to go there and to select.
/// In a narrow window it takes more lines: no number is cut.
class SelectionBar : public QWidget {
    Q_OBJECT

public:
    explicit SelectionBar(QWidget *parent = nullptr);
    ~SelectionBar() override;

    /// `length`: of the file.
    void show(Document::Selection selection, Offset cursor, std::uint64_t length);

Q_SIGNALS:
    void selectionTyped(modelvault::Offset begin, modelvault::Offset end);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    enum class Field : std::uint8_t { Begin, End, Length, Cursor };

    QLineEdit *addField(Field field, const QString &name, const QString &help);
    void sizeFields();
    void keepHeight();
    [[nodiscard]] QLineEdit *edit(Field field) const;
    void take(Field field);
    void showAgain() { show(m_selection, m_cursor, m_length); }

    Document::Selection m_selection;
    Offset m_cursor;
    std::uint64_t m_length = 0;
    QLineEdit *m_cursorField;
    QLineEdit *m_begin;
    QLineEdit *m_end;
    QLineEdit *m_size;
    QLabel *m_decimal;
};

} // namespace modelvault::ui
