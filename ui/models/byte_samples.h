#pragma once

#include "database/snapshot.h"
#include "explain/byte_sample.h"
#include "position.h"
#include "store/store.h"

#include <QFutureWatcher>
#include <QHash>
#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace modelvault::ui {

/// What the bytes in some places of a file look like: a page of each stretch is read, in the background, as far as
/// somebody looks. GUI thread.
class ByteSamples : public QObject {
    Q_OBJECT

public:
    /// Of longer stretches, so many bytes in their middle stand for all.
    static constexpr std::uint64_t kMostBytes = 16 * 1024;
    /// When there are more, the next wish begins with nothing known.
    static constexpr int kMostKept = 200'000;

    explicit ByteSamples(QObject *parent = nullptr);
    ~ByteSamples() override;

    /// Null for nothing.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// Whether that byte is in the file.
    [[nodiscard]] bool holds(Offset place) const { return m_snapshot && place.value < m_snapshot->fileLength(); }
    /// Asks for these, in the order of the file; what lies behind its end does not count. changed() tells when some are there. Newer wishes replace
    /// older ones.
    void want(std::vector<ByteStretch> stretches);
    /// None for what is not known, or can't be read.
    [[nodiscard]] std::optional<ByteSample> sample(const ByteStretch &stretch) const;
    /// Nothing is under way.
    [[nodiscard]] bool isSettled() const { return !m_isSampling; }

Q_SIGNALS:
    void changed();

private:
    struct Key {
        std::uint64_t begin;
        std::uint64_t end;
        bool operator==(const Key &) const = default;
    };
    friend std::size_t qHash(const Key &key, std::size_t seed) { return qHashMulti(seed, key.begin, key.end); }
    using Sampled = std::vector<std::pair<ByteStretch, std::optional<ByteSample>>>;

    [[nodiscard]] ByteStretch clipped(const ByteStretch &stretch) const;
    void take(int begin, int end);

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    QHash<Key, std::optional<ByteSample>> m_known; // without a value: can't be read
    bool m_isSampling = false;                     // until its results have been taken over
    QFutureWatcher<Sampled> m_sampling;
};

} // namespace modelvault::ui
