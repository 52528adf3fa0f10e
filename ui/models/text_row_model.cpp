#include "models/text_row_model.h"

#include "text/words.h"

#include <QPromise>
#include <QtConcurrentRun>

#include <algorithm>
#include <utility>

namespace modelvault::ui {
namespace {

// Read beyond what is visible, so that a few lines of scrolling need nothing new.
constexpr std::uint64_t kMargin = 32;
constexpr std::uint64_t kCopiedAtOnce = 1000;

} // namespace

TextRowModel::TextRowModel(std::vector<Column> columns, QObject *parent)
    : RowModel(parent),
      m_columns(std::move(columns)),
      m_load(
          [this](const Wish &wish) {
              return QtConcurrent::run([read = m_read, wish]() -> std::shared_ptr<const Loaded> {
                  return std::make_shared<const Loaded>(
                      Loaded{.first = wish.first, .count = wish.count, .rows = read(wish.first, wish.count)});
              });
          },
          [this](const std::shared_ptr<const Loaded> &loaded) {
              m_loaded = loaded;
              Q_EMIT rowsChanged(loaded->first, loaded->first + loaded->count - 1);
          })
{ }

void TextRowModel::setRows(std::uint64_t count, Read read)
{
    m_load.drop();
    m_loaded.reset();
    m_count = count;
    m_read = std::move(read);
    Q_EMIT wasReset();
}

const TextRowModel::Row *TextRowModel::row(std::uint64_t row) const
{
    if (!holds(row) || !m_loaded->rows)
        return nullptr;
    const auto place = static_cast<std::size_t>(row - m_loaded->first);
    return place < m_loaded->rows->size() ? &(*m_loaded->rows)[place] : nullptr;
}

Qt::Alignment TextRowModel::alignment(int column) const
{
    return Qt::AlignVCenter | (at(column).isNumber ? Qt::AlignRight : Qt::AlignLeft);
}

QVariant TextRowModel::data(std::uint64_t row, int column, int role) const
{
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    if (holds(row) && !m_loaded->rows) {
        const auto fault = errorText(m_loaded->rows.error());
        return role == Qt::ToolTipRole ? toolTipText(fault) : column == 0 ? tr("unreadable: %1").arg(fault) : QString();
    }
    const auto *found = this->row(row);
    if (found == nullptr)
        return {};
    const auto text = found->cells.value(column);
    return role == Qt::ToolTipRole ? toolTipText(text) : text;
}

void TextRowModel::prepare(std::uint64_t first, std::uint64_t last)
{
    if (first >= m_count)
        return;
    last = std::min(last, m_count - 1);
    if (holds(first) && holds(last)) {
        m_load.drop(); // its rows would take the place of what is wanted now
        return;
    }
    const auto from = first - std::min(first, kMargin);
    m_load.want({.first = from, .count = last + 1 + std::min(kMargin, m_count - 1 - last) - from});
}

QFuture<QString> TextRowModel::copyText(std::uint64_t first, std::uint64_t last, const QList<int> &columns) const
{
    return QtConcurrent::run([read = m_read, first, last, columns](QPromise<QString> &promise) {
        QString text;
        for (auto at = first; at <= last && !promise.isCanceled(); at += kCopiedAtOnce) {
            const auto rows = read(at, std::min(kCopiedAtOnce, last + 1 - at));
            if (!rows) {
                text += errorText(rows.error()) + QLatin1Char('\n');
                break;
            }
            for (const auto &row : *rows) {
                QStringList cells;
                for (const int column : columns)
                    cells += row.cells.value(column);
                text += lineOf(cells);
            }
        }
        promise.addResult(text);
    });
}

QFuture<std::optional<std::uint64_t>> TextRowModel::findRow(const QString &typed, std::uint64_t /*from*/) const
{
    bool isNumber = false;
    const auto number = typed.toULongLong(&isNumber);
    return QtFuture::makeReadyValueFuture(
        isNumber && number > 0 && number <= m_count ? std::optional<std::uint64_t>(number - 1) : std::nullopt);
}

} // namespace modelvault::ui
