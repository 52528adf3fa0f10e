#pragma once

#include "models/document.h"
#include "models/inspector_model.h"
#include "text/byte_values.h"

#include <QPointer>
#include <QWidget>

class QComboBox;
class QPushButton;

namespace modelvault::ui {

class ElidedLabel;
class HintedList;

/// What the bytes at the begin of the selection are as every type, and the checksum of the selection. Reads nothing
/// while it can't be seen.
class InspectorPanel : public QWidget {
    Q_OBJECT

public:
    explicit InspectorPanel(QWidget *parent = nullptr);

    /// Null for nothing. Does not own it.
    void setDocument(Document *document);
    [[nodiscard]] ByteOrder byteOrder() const { return m_model.byteOrder(); }
    void setByteOrder(ByteOrder order);
    /// All values are those of the selection, a checksum that nobody asked for apart.
    [[nodiscard]] bool isSettled() const { return m_model.isSettled(); }
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    /// By the user.
    void byteOrderChanged(modelvault::ui::ByteOrder order);

protected:
    void focusInEvent(QFocusEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void makeList();
    void showSource(bool isVisible);
    void showSelection();
    void showChecksum();
    [[nodiscard]] QString currentValue() const;
    void copyValue();
    void showMenu(QPoint at);

    QPointer<Document> m_document;
    InspectorModel m_model;
    ElidedLabel *m_place;
    QComboBox *m_order;
    HintedList *m_list;
    QPushButton *m_compute;
    int m_row = 0; // the current one, over resets of the model
};

} // namespace modelvault::ui
