// Makes databases: the sample, and long ones for benchmarks. See --help.

#include "printable.h"
#include "sample/bulk.h"
#include "sample/library.h"
#include "store/raw_file_store.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <iostream>

using namespace modelvault;

namespace {

constexpr int kCannot = 1;
constexpr int kWrongUse = 2;

/// A new file; what there is stays.
Result<std::unique_ptr<Store>> createFile(const std::filesystem::path &path)
{
    return FileHandle::open(path, OpenMode::CreateNew).transform([](FileHandle &&file) -> std::unique_ptr<Store> {
        return std::make_unique<RawFileStore>(std::move(file));
    });
}

int cannot(const std::filesystem::path &path, const Error &error)
{
    std::cerr << "make-db: " << printable(path.native()) << ": " << errorName(error.code) << '\n';
    return kCannot;
}

} // namespace

int main(int argc, char **argv)
{
    CLI::App app("Makes a ModelVault database of so many rows, the same one each time.", "make-db");
    sample::BulkOptions options;
    std::filesystem::path file;
    bool isSample = false;
    auto *rows = app.add_option("ROWS", options.rows, "How many rows are written")->check(CLI::NonNegativeNumber);
    auto *name = app.add_option("FILE", file, "The database: a file that is not there yet");
    auto *batch = app.add_option("--batch", options.batch, "Rows in a transaction; 1: each is published")
                      ->capture_default_str()
                      ->check(CLI::PositiveNumber);
    auto *fields = app.add_option("--fields", options.fields, "Fields of a row")
                       ->capture_default_str()
                       ->check(CLI::Range(4, 4'000));
    auto *payload = app.add_option("--payload", options.payload, "Bytes of a blob in each row; 0: without")
                        ->capture_default_str()
                        ->check(CLI::Range(0, 16 * 1024 * 1024));
    auto *keys = app.add_option("--keys", options.keys, "Keys that differ: further rows replace those before; 0: all")
                     ->capture_default_str();
    auto *sample = app.add_option("--sample", file, "Make the sample database in this file instead");
    sample->excludes(rows)->excludes(name)->excludes(batch)->excludes(fields)->excludes(payload)->excludes(keys);
    try {
        app.parse(argc, argv);
        isSample = sample->count() > 0;
        if (!isSample && (rows->count() == 0 || name->count() == 0))
            throw CLI::RequiredError("ROWS and FILE");
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? 0 : kWrongUse;
    }

    auto store = createFile(file);
    if (!store)
        return cannot(file, store.error());
    const auto written = isSample ? sample::writeLibrary(*std::move(store)).transform([](auto &&) { })
                                  : sample::writeBulk(*std::move(store), options);
    if (!written) {
        std::error_code ignored; // what failed first is what is said
        std::filesystem::remove(file, ignored);
        return cannot(file, written.error());
    }
    return 0;
}
