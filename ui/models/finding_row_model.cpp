#include "models/finding_row_model.h"

#include "text/finding_words.h"
#include "text/words.h"

#include <QtConcurrentRun>

#include <algorithm>
#include <utility>

namespace modelvault::ui {
namespace {

QString codeText(ErrorCode code)
{
    const auto name = errorName(code);
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

/// What is wrong, without what it touches: that has a column of its own.
QString whatText(const CheckFinding &finding)
{
    return findingText(CheckFinding{.what = finding.what, .subject = finding.subject});
}

QString cellText(const CheckFinding &finding, int column)
{
    switch (column) {
    case FindingRowModel::Gravity:
        return severityText(finding.what.severity);
    case FindingRowModel::Place:
        return fixedOffsetText(finding.what.offset);
    case FindingRowModel::Length:
        return groupedText(finding.what.length);
    case FindingRowModel::What:
        return whatText(finding);
    case FindingRowModel::Touched:
        return touchedText(finding);
    case FindingRowModel::Code:
        return codeText(finding.what.code);
    default:
        return {};
    }
}

} // namespace

FindingRowModel::FindingRowModel(QObject *parent) : RowModel(parent) { }

void FindingRowModel::setFindings(std::shared_ptr<const FindingMarks> findings)
{
    m_findings = std::move(findings);
    showRows();
}

void FindingRowModel::setFilter(Filter filter)
{
    if (m_filter == filter)
        return;
    m_filter = std::move(filter);
    showRows();
}

void FindingRowModel::setOrder(Order order)
{
    if (std::exchange(m_order, order) != order)
        showRows();
}

void FindingRowModel::showRows()
{
    m_shown.clear();
    if (m_findings) {
        const auto &findings = m_findings->report().findings;
        for (std::size_t i = 0; i < findings.size(); ++i) {
            if (passes(findings[i]))
                m_shown.push_back(i);
        }
        if (m_order == Order::BySeverity)
            std::ranges::stable_sort(m_shown, std::ranges::greater(),
                                     [&](std::size_t number) { return findings[number].what.severity; });
    }
    Q_EMIT wasReset();
}

bool FindingRowModel::passes(const CheckFinding &finding) const
{
    if (!m_filter.severities[static_cast<std::size_t>(finding.what.severity)])
        return false;
    if (m_filter.text.isEmpty())
        return true;
    for (int column = 0; column < ColumnCount; ++column) {
        if (cellText(finding, column).contains(m_filter.text, Qt::CaseInsensitive))
            return true;
    }
    return false;
}

const CheckFinding &FindingRowModel::finding(std::uint64_t row) const
{
    return m_findings->report().findings[m_shown[row]];
}

std::optional<std::uint64_t> FindingRowModel::rowOf(std::size_t number) const
{
    const auto found = std::ranges::find(m_shown, number);
    return found != m_shown.end() ? std::optional(static_cast<std::uint64_t>(found - m_shown.begin())) : std::nullopt;
}

QString FindingRowModel::headerText(int column) const
{
    switch (column) {
    case Gravity:
        return tr("Severity");
    case Place:
        return tr("Offset");
    case Length:
        return tr("Length");
    case What:
        return tr("Finding");
    case Touched:
        return tr("Touches");
    case Code:
        return tr("Code");
    default:
        return {};
    }
}

Qt::Alignment FindingRowModel::alignment(int column) const
{
    return Qt::AlignVCenter | (column == Length ? Qt::AlignRight : Qt::AlignLeft);
}

QString FindingRowModel::sampleText(int column) const
{
    switch (column) {
    case Gravity:
        return severityText(Severity::Info) + QStringLiteral("mm");
    case Place:
        return fixedOffsetText({0}) + QLatin1Char('0');
    case Length:
        return groupedText(100'000);
    case What:
        return tr("The superblock's checksum is wrong: computed %1, stored %1").arg(QStringLiteral("00000000"));
    case Touched:
        return tr("people \"somebody\", transaction 1000");
    case Code:
        return codeText(ErrorCode::BadSegmentPayloadChecksum);
    default:
        return {};
    }
}

QVariant FindingRowModel::data(std::uint64_t row, int column, int role) const
{
    if (row >= rowCount())
        return {};
    const auto &found = finding(row);
    switch (role) {
    case Qt::DisplayRole:
        return cellText(found, column);
    case Qt::ToolTipRole:
        return column == Place
            ? toolTipText(tr("Offset %1, to %2 (decimal)")
                              .arg(groupedText(found.what.offset.value), groupedText(found.what.end().value)))
            : toolTipText(findingText(found)); // it may be cut off
    case SeverityRole:
        return column == Gravity ? QVariant(static_cast<int>(found.what.severity)) : QVariant();
    default:
        return {};
    }
}

QFuture<QString> FindingRowModel::copyText(std::uint64_t first, std::uint64_t last, const QList<int> &columns) const
{
    return QtConcurrent::run([findings = m_findings, shown = m_shown, first, last, columns] {
        QString text;
        for (auto row = first; row <= last; ++row) {
            const auto &finding = findings->report().findings[shown[row]];
            QStringList cells;
            for (const int column : columns)
                cells += column == Length ? QString::number(finding.what.length) // as other programs read it
                                          : cellText(finding, column);
            text += lineOf(cells);
        }
        return text;
    });
}

QFuture<std::optional<std::uint64_t>> FindingRowModel::findRow(const QString &typed, std::uint64_t from) const
{
    using Row = std::optional<std::uint64_t>;
    const auto isMeant = [&](std::uint64_t row) {
        return std::ranges::any_of(std::array{Gravity, What, Code}, [&](int column) {
            return cellText(finding(row), column).startsWith(typed, Qt::CaseInsensitive);
        });
    };
    for (std::uint64_t step = 0; step < rowCount(); ++step) {
        const auto row = (from + step) % rowCount();
        if (isMeant(row))
            return QtFuture::makeReadyValueFuture(Row(row));
    }
    return QtFuture::makeReadyValueFuture(Row());
}

} // namespace modelvault::ui
