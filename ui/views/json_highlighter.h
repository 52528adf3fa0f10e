#pragma once

#include <KSyntaxHighlighting/SyntaxHighlighter>

class QPlainTextEdit;

namespace modelvault::ui {

/// Colours JSON, in the theme that goes with the palette; follows when that changes. Belongs to the edit's document.
class JsonHighlighter : public KSyntaxHighlighting::SyntaxHighlighter {
    Q_OBJECT

public:
    explicit JsonHighlighter(QPlainTextEdit *edit);

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void chooseTheme();

    QPlainTextEdit *m_edit;
};

} // namespace modelvault::ui
