#pragma once

#include <QFuture>
#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QVariant>

#include <cstdint>
#include <optional>

namespace modelvault::ui {

/// A list too long for Qt's own item models: rows have 64-bit numbers. Only looks up: whatever takes time is fetched by
/// prepare() in the background. GUI thread.
class RowModel : public QObject {
    Q_OBJECT

public:
    enum Role {
        KindRole = Qt::UserRole, ///< int of a ContentKind: its swatch stands before the text
        SeverityRole,            ///< int of a Severity: its sign stands before the text
        FaultRole,               ///< bool: something is wrong with the row, which is tinted; the text says it too
    };

    using QObject::QObject;

    [[nodiscard]] virtual std::uint64_t rowCount() const = 0;
    [[nodiscard]] virtual int columnCount() const = 0;
    [[nodiscard]] virtual QString headerText(int column) const = 0;
    [[nodiscard]] virtual Qt::Alignment alignment(int column) const = 0;
    /// For bytes and offsets.
    [[nodiscard]] virtual bool isMonospace(int column) const = 0;
    /// As wide as what the column usually shows.
    [[nodiscard]] virtual QString sampleText(int column) const = 0;
    /// Nothing for what is not fetched yet.
    [[nodiscard]] virtual QVariant data(std::uint64_t row, int column, int role) const = 0;
    /// Fetches rows `first` to `last`, inclusive, if they are not there; rowsChanged() tells when they are. A newer
    /// call may drop an older one.
    virtual void prepare(std::uint64_t first, std::uint64_t last) = 0;
    /// Rows `first` to `last`, inclusive, as other programs want them: a line a row, cells with tabs between, in this
    /// order of columns. Looked up in the background.
    [[nodiscard]] virtual QFuture<QString> copyText(std::uint64_t first, std::uint64_t last,
                                                    const QList<int> &columns) const = 0;
    /// The row that typed text means, looked for in the background from row `from` on and then from the first one.
    [[nodiscard]] virtual QFuture<std::optional<std::uint64_t>> findRow(const QString &typed,
                                                                        std::uint64_t from) const = 0;

protected:
    /// Cells as copyText() wants them: tabs between, a line feed behind.
    [[nodiscard]] static QString lineOf(const QStringList &cells)
    {
        return cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    }

Q_SIGNALS:
    /// `last` is inclusive.
    void rowsChanged(std::uint64_t first, std::uint64_t last);
    /// Rows came behind the last one; those before stayed.
    void rowsAppended();
    void wasReset();
};

} // namespace modelvault::ui
