#pragma once

#include "models/finding_marks.h"
#include "models/row_model.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault::ui {

/// Findings as rows, those of chosen severities in which a text occurs. Their number is bounded, see
/// FindingList::kMost: all is there at once.
class FindingRowModel : public RowModel {
    Q_OBJECT

public:
    enum Column { Gravity, Place, What, Touched, Length, Code, ColumnCount };
    /// The gravest first, or as they stand in the file.
    enum class Order : std::uint8_t { BySeverity, ByPlace };

    struct Filter {
        std::array<bool, 3> severities{true, true, true}; ///< by number of Severity
        QString text;                                     ///< in any case, in any column; empty for all
        bool operator==(const Filter &) const = default;
    };

    explicit FindingRowModel(QObject *parent = nullptr);

    void setFindings(std::shared_ptr<const FindingMarks> findings);
    void setFilter(Filter filter);
    [[nodiscard]] const Filter &filter() const { return m_filter; }
    void setOrder(Order order);
    [[nodiscard]] Order order() const { return m_order; }

    /// Of a row less than rowCount(); until the next setFindings().
    [[nodiscard]] const CheckFinding &finding(std::uint64_t row) const;
    /// Its number in the report.
    [[nodiscard]] std::size_t numberAt(std::uint64_t row) const { return m_shown[row]; }
    /// None for a finding that does not pass the filter.
    [[nodiscard]] std::optional<std::uint64_t> rowOf(std::size_t number) const;

    [[nodiscard]] std::uint64_t rowCount() const override { return m_shown.size(); }
    [[nodiscard]] int columnCount() const override { return ColumnCount; }
    [[nodiscard]] QString headerText(int column) const override;
    [[nodiscard]] Qt::Alignment alignment(int column) const override;
    [[nodiscard]] bool isMonospace(int column) const override { return column == Place; }
    [[nodiscard]] QString sampleText(int column) const override;
    [[nodiscard]] QVariant data(std::uint64_t row, int column, int role) const override;
    void prepare(std::uint64_t, std::uint64_t) override { } // nothing has to be fetched
    [[nodiscard]] QFuture<QString> copyText(std::uint64_t first, std::uint64_t last,
                                            const QList<int> &columns) const override;
    /// How the name of the severity, the finding or its code begins.
    [[nodiscard]] QFuture<std::optional<std::uint64_t>> findRow(const QString &typed,
                                                                std::uint64_t from) const override;

private:
    [[nodiscard]] bool passes(const CheckFinding &finding) const;
    void showRows();

    std::shared_ptr<const FindingMarks> m_findings; // null for none
    Filter m_filter;
    Order m_order = Order::BySeverity;
    std::vector<std::size_t> m_shown; // numbers of findings, row by row
};

} // namespace modelvault::ui
