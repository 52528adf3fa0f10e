#pragma once

#include "models/finding_marks.h"
#include "models/row_model.h"
#include "models/segment_filter.h"

#include "database/snapshot.h"
#include "log/segment_index.h"
#include "store/store.h"

#include <QFutureWatcher>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace modelvault::ui {

/// The segments of the log as rows, all or those that pass a filter. Only those around what is visible are known;
/// prepare() has others looked up in the background. What they hold is read only of rows that were asked for: a payload
/// may be long.
class SegmentRowModel : public RowModel {
    Q_OBJECT

public:
    enum Column { Number, Place, Type, PayloadLength, InTransaction, Checksum, What, ColumnCount };

    explicit SegmentRowModel(QObject *parent = nullptr);
    ~SegmentRowModel() override;

    /// A longer snapshot of the same file appends rows, anything else resets. Null for nothing.
    void setSnapshot(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// What marks rows; null for none.
    void setFindings(std::shared_ptr<const FindingMarks> findings);
    [[nodiscard]] SegmentFilter *filter() { return &m_filter; }
    [[nodiscard]] const SegmentFilter *filter() const { return &m_filter; }
    /// Of a row less than rowCount().
    [[nodiscard]] SegmentNo numberAt(std::uint64_t row) const;
    /// None for a segment that does not pass the filter.
    [[nodiscard]] std::optional<std::uint64_t> rowOf(SegmentNo no) const;
    /// That find the like of a cell; none while it is not loaded.
    [[nodiscard]] std::vector<Filter> filtersLike(std::uint64_t row, int column) const;
    /// Null if it is not loaded.
    [[nodiscard]] const Segment *segment(std::uint64_t row) const;
    /// Nothing is being looked up.
    [[nodiscard]] bool isSettled() const
    {
        return !m_isLoading && !m_isSummarizing && m_filter.state() != SegmentFilter::State::Running;
    }

    [[nodiscard]] std::uint64_t rowCount() const override;
    [[nodiscard]] int columnCount() const override;
    [[nodiscard]] QString headerText(int column) const override;
    [[nodiscard]] Qt::Alignment alignment(int column) const override;
    [[nodiscard]] bool isMonospace(int column) const override { return column == Place; }
    [[nodiscard]] QString sampleText(int column) const override;
    [[nodiscard]] QVariant data(std::uint64_t row, int column, int role) const override;
    void prepare(std::uint64_t first, std::uint64_t last) override;
    [[nodiscard]] QFuture<QString> copyText(std::uint64_t first, std::uint64_t last,
                                            const QList<int> &columns) const override;
    /// A segment's number, or how the name of its type begins.
    [[nodiscard]] QFuture<std::optional<std::uint64_t>> findRow(const QString &typed,
                                                                std::uint64_t from) const override;

private:
    struct Loaded {
        std::uint64_t first = 0;
        std::uint64_t end = 0;         // exclusive, of the rows that were looked up
        std::vector<Segment> segments; // fewer than the rows where the file has changed since it was scanned
    };

    struct Content {
        QString text;
        std::vector<Filter> filters; // that find the like
        bool isFaulty = false;
    };
    struct Summarized {
        std::uint64_t row = 0;
        Content what;
    };
    using Rows = std::pair<std::uint64_t, std::uint64_t>; // both inclusive

    [[nodiscard]] QVariant whatCell(std::uint64_t row, const Segment &segment, int role) const;
    [[nodiscard]] std::vector<const CheckFinding *> findingsOf(const Segment &segment, std::size_t most) const;
    static Content whatOf(const Store &store, const Snapshot &snapshot, const Segment &segment);
    [[nodiscard]] std::uint64_t segmentCount() const;
    /// Of rows `first` to `last`, inclusive.
    [[nodiscard]] std::vector<SegmentNo> numbersAt(std::uint64_t first, std::uint64_t last) const;
    /// Forgets all rows.
    void drop();
    [[nodiscard]] bool isLost(std::uint64_t row) const;
    [[nodiscard]] bool isLoaded(std::uint64_t first, std::uint64_t last) const;
    [[nodiscard]] QFuture<std::optional<std::uint64_t>> findHit(const std::vector<SegmentType> &types,
                                                                std::uint64_t from) const;
    void load(std::uint64_t first, std::uint64_t last);
    /// Forgets the look-up under way.
    void dropLoad();
    /// What the rows asked for last hold, as far as it is not known.
    void summarize();
    void takeSummaries(int begin, int end);

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::shared_ptr<const FindingMarks> m_findings;
    SegmentFilter m_filter;
    Loaded m_loaded;
    bool m_isLoading = false;     // until its rows have been taken over
    std::optional<Rows> m_wanted; // while another load is under way
    QFutureWatcher<Loaded> m_load;

    std::optional<Rows> m_asked;             // for last
    std::map<std::uint64_t, Content> m_what; // of the rows asked for, and of some around them
    bool m_isSummarizing = false;            // until all its texts have been taken over
    bool m_isSummaryOutdated = false;        // other rows were asked for meanwhile
    QFutureWatcher<Summarized> m_summarizing;
};

} // namespace modelvault::ui
