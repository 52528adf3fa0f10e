#include "views/json_highlighter.h"

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/Theme>

#include <QEvent>
#include <QPlainTextEdit>

namespace modelvault::ui {
namespace {

/// It reads hundreds of definitions: one for all.
KSyntaxHighlighting::Repository &repository()
{
    static KSyntaxHighlighting::Repository shared;
    return shared;
}

} // namespace

JsonHighlighter::JsonHighlighter(QPlainTextEdit *edit)
    : KSyntaxHighlighting::SyntaxHighlighter(edit->document()),
      m_edit(edit)
{
    edit->installEventFilter(this);
    setDefinition(repository().definitionForName(QStringLiteral("JSON")));
    chooseTheme();
}

void JsonHighlighter::chooseTheme()
{
    setTheme(repository().themeForPalette(m_edit->palette()));
    rehighlight();
}

bool JsonHighlighter::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        chooseTheme();
    return KSyntaxHighlighting::SyntaxHighlighter::eventFilter(watched, event);
}

} // namespace modelvault::ui
