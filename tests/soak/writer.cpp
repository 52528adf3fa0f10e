// An application that writes a database: modelvault_soak_writer FILE
//
// Makes the file, or recovers it as the engine does, under the writer's locks. Then does what each line of its standard
// input says, and answers each with what it has committed: "COMMITS ROWS DIGEST".
//
//   commit N      N transactions of one change each, about a thousand a second
//   abort         a transaction that is given up
//   checkpoint    the state in one segment
//   compact       a new file with nothing but the rows, renamed over this one
//   open          a transaction without end, left at that
//   torn          a part of a segment, and then it ends as if it crashed: no answer

#include "format/checkpoint.h"
#include "format/index_entry.h"
#include "log/log_writer.h"
#include "log/recovery.h"
#include "log/segment_index.h"
#include "soak/words_model.h"
#include "store/file_store.h"
#include "support/sample_rows.h"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <print>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace modelvault::soak {
namespace {

template <class T>
T must(Result<T> result)
{
    if (!result) {
        std::println("{}", errorName(result.error().code));
        std::exit(EXIT_FAILURE);
    }
    if constexpr (!std::is_void_v<T>)
        return *std::move(result);
}

CatalogEntry collection()
{
    auto entry = test::extendWords(1);
    entry.kind = CatalogEntry::Kind::CreateCollection;
    entry.name = "words";
    entry.primaryField = "word";
    return entry;
}

std::vector<std::byte> record(const WordsModel::Change &change)
{
    auto made =
        change.deletes ? test::word(change.key, RecordHead::Delete) : test::countedWord(change.key, change.count);
    made.head.schemaVersion = 1;
    return made.encode();
}

class Application {
public:
    explicit Application(std::filesystem::path path) : m_path(std::move(path)) { open(); }

    void answer() const
    {
        std::println("{} {} {}", m_model.commits(), m_model.rows().size(), WordsModel::digest(m_model.rows()));
        std::fflush(stdout);
    }

    void commit(std::uint64_t count)
    {
        auto due = std::chrono::steady_clock::now();
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto id = m_model.commits() + 1;
            begin(id);
            append(SegmentType::Index, {});
            append(SegmentType::Record, record(WordsModel::change(id)));
            must(m_log->commit(id));
            must(m_log->flush());
            must(m_log->publish());
            m_model.advanceTo(id);
            std::this_thread::sleep_until(due += std::chrono::milliseconds(1));
        }
    }

    void abort()
    {
        const auto id = m_model.commits() + 1;
        begin(id);
        append(SegmentType::Record, record({.key = "never", .count = 1}));
        must(m_log->abort(id));
        must(m_log->publish());
    }

    void leaveOpen()
    {
        begin(m_model.commits() + 1);
        append(SegmentType::Record, record({.key = "never", .count = 1}));
    }

    void checkpoint()
    {
        const auto entry = collection().encode();
        const auto indexes = IndexChanges{}.encode();
        std::vector<std::vector<std::byte>> records;
        for (const auto &[key, count] : m_model.rows())
            records.push_back(record({.key = key, .count = count}));
        Checkpoint made;
        made.catalogEntries.push_back({.at = {}, .bytes = entry});
        for (const auto &bytes : records)
            made.records.push_back({.at = {}, .bytes = bytes});
        made.indexChanges.bytes = indexes;
        const auto size = made.encode().size();
        made.replayFrom = m_log->end() + SegmentHeader::kSize + size;
        const auto at = must(m_log->append(SegmentType::Checkpoint, made.encode()));
        must(m_log->publish(at, static_cast<std::uint32_t>(size)));
    }

    void compact()
    {
        auto beside = m_path;
        beside += ".new";
        std::filesystem::remove(beside);
        auto file = FileStore::fromOpenFile(must(FileHandle::open(beside, OpenMode::CreateNew)));
        auto log = must(LogWriter::create(std::move(file)));
        const auto id = m_model.commits();
        must(log.begin(id));
        must(log.append(SegmentType::Schema, collection().encode()));
        for (const auto &[key, count] : m_model.rows())
            must(log.append(SegmentType::Record, record({.key = key, .count = count})));
        must(log.commit(id));
        must(log.publish());
        std::filesystem::rename(beside, m_path);
        m_log.reset();
        open();
    }

    void tear()
    {
        const SegmentHeader header{.type = SegmentType::Record, .payloadLength = 500};
        auto bytes = header.encode();
        bytes.resize(bytes.size() + m_model.commits() % 300);
        bytes.resize(bytes.size() - m_model.commits() % 30);
        const auto end = m_log->end();
        must(m_log->store().writeAllAt(end, bytes));
    }

private:
    void begin(std::uint64_t id)
    {
        must(m_log->begin(id));
        must(m_log->flush());
    }
    /// Each by itself, so that whoever looks may find any part of a transaction.
    void append(SegmentType type, const std::vector<std::byte> &payload)
    {
        must(m_log->append(type, type == SegmentType::Index ? IndexChanges{}.encode() : payload));
        must(m_log->flush());
    }

    void open()
    {
        auto file = must(FileStore::openLocked(m_path, FileMode::ReadWrite));
        if (must(file->length()) < kLogStart.value) {
            must(file->truncate(0));
            m_log.emplace(must(LogWriter::create(std::move(file))));
            must(m_log->begin(0));
            must(m_log->append(SegmentType::Schema, collection().encode()));
            must(m_log->commit(0));
            must(m_log->publish());
            return;
        }
        const auto log = must(scanLog(*file, must(file->length())));
        const auto cut = must(findLogCut(*file, log));
        m_model.advanceTo(lastCommit(*file, log));
        if (cut.cause)
            must(file->truncate(cut.safeEnd.value));
        m_log.emplace(must(LogWriter::open(std::move(file))));
    }

    static std::uint64_t lastCommit(const Store &store, const LogScan &log)
    {
        const LogReader reader(store, log.index);
        for (auto no = log.index->transactionCount(); no > 0; --no) {
            const auto transaction = must(reader.transaction({no - 1}));
            if (transaction.state == TransactionState::Committed)
                return transaction.id;
        }
        return 0;
    }

    const std::filesystem::path m_path;
    WordsModel m_model;
    std::optional<LogWriter> m_log;
};

int run(const char *path)
{
    Application application(path);
    application.answer();
    for (std::string line; std::getline(std::cin, line);) {
        if (line.starts_with("commit ")) {
            std::uint64_t count = 0;
            std::from_chars(line.data() + 7, line.data() + line.size(), count);
            application.commit(count);
        } else if (line == "abort") {
            application.abort();
        } else if (line == "checkpoint") {
            application.checkpoint();
        } else if (line == "compact") {
            application.compact();
        } else if (line == "open") {
            application.leaveOpen();
        } else if (line == "torn") {
            application.tear();
            return EXIT_SUCCESS;
        }
        application.answer();
    }
    return EXIT_SUCCESS;
}

} // namespace
} // namespace modelvault::soak

int main(int count, char **words)
{
    return count == 2 ? modelvault::soak::run(words[1]) : EXIT_FAILURE;
}
