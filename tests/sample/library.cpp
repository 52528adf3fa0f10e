#include "sample/library.h"

#include "database/database_writer.h"
#include "sample/cover.h"
#include "sample/random.h"
#include "sample/schema.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <format>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace modelvault::sample {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using Time = std::chrono::sys_time<std::chrono::microseconds>;

constexpr std::size_t kRows = 2'000; // that live in the end
constexpr std::size_t kFirstBooks = 600;
constexpr std::size_t kLaterBooks = 48;
constexpr std::size_t kMembers = 260;
constexpr Time kOpening{std::chrono::sys_days{std::chrono::year{2023} / 1 / 9}};

// What the rows are made of. Nobody is meant.

constexpr auto kAdjectives = std::to_array<std::string_view>(
    {"Silent",  "Last",      "Hidden", "Northern",  "Broken", "Distant", "Winter", "Hollow",
     "Golden",  "Forgotten", "Paper",  "Salt",      "Second", "Crooked", "Bright", "Empty",
     "Burning", "Quiet",     "Long",   "Invisible", "Glass",  "Early"});
constexpr auto kNouns = std::to_array<std::string_view>(
    {"Harbour", "Garden",     "Orchard", "Lighthouse", "River",    "Atlas",  "Cartographer", "Clockmaker",
     "Island",  "Letter",     "Archive", "Winter",     "Bridge",   "Meadow", "Mountain",     "Tide",
     "Window",  "Station",    "Library", "Season",     "Stranger", "Map",    "Heron",        "Museum",
     "Shore",   "Apprentice", "Violin",  "Forest",     "Kitchen",  "Voyage"});
constexpr auto kSubjects = std::to_array<std::string_view>(
    {"Bees", "Bread", "Birds", "Mathematics", "Shipbuilding", "Printing", "Tea", "Stars", "Rivers", "Type Design",
     "Databases", "Glaciers", "Mosses", "Radio", "Chess", "Ceramics", "Railways", "Cheese"});
constexpr auto kFirstNames = std::to_array<std::string_view>(
    {"Amara",  "Søren",  "Ines",   "Tomasz", "Yuki",  "Elif",  "Mateo",   "Aoife", "Lars",   "Priya", "Zoë",   "Henrik",
     "Chiara", "Dmitri", "Fatima", "Jonas",  "Leïla", "Marek", "Nadia",   "Oskar", "Paula",  "Ravi",  "Sofia", "Théo",
     "Ursula", "Viktor", "Wanda",  "Ximena", "Łucja", "Björn", "Camille", "Dario", "Élodie", "Farid", "Greta", "Hugo"});
constexpr auto kLastNames = std::to_array<std::string_view>(
    {"Okafor", "Lindqvist", "Moreau",   "Kowalski", "Tanaka",   "Yılmaz",  "Fernández", "O’Brien",
     "Jensen", "Raman",     "de Vries", "Bianchi",  "Petrov",   "Haddad",  "Weber",     "Benali",
     "Novák",  "Hansen",    "Silva",    "Iyer",     "Rossi",    "Lefèvre", "Schmidt",   "Sokolov",
     "Nowak",  "Castillo",  "Wójcik",   "Eriksson", "Dubois",   "Greco",   "Laurent",   "Amiri",
     "Vogel",  "Martin",    "Sørensen", "Keller",   "Ferreira", "Brandt",  "Mäkinen",   "Papadopoulos"});
constexpr auto kStreets = std::to_array<std::string_view>(
    {"Mill Lane", "Station Road", "Church Street", "Quay Side", "Orchard Way", "High Street", "Linden Avenue",
     "Harbour Row", "Castle Hill", "Meadow Close", "Bridge Street", "Rue des Tanneurs", "Große Gasse"});
struct Town {
    std::string_view name;
    std::string_view zip;
    double latitude;
    double longitude;
};
constexpr auto kTowns = std::to_array<Town>({{"Easthaven", "4021", 54.3712, 10.1386},
                                             {"Brookmere", "4024", 54.3305, 10.0921},
                                             {"Saint-Aubin", "4030", 54.4127, 10.2014},
                                             {"Nordby", "4037", 54.4580, 10.0177},
                                             {"Ashford Weir", "4041", 54.2899, 10.1702},
                                             {"Kleinfurt", "4045", 54.3018, 9.9836}});
constexpr auto kTags = std::to_array<std::string_view>({"novel", "history", "science", "poetry", "travel", "cooking",
                                                        "biography", "children", "crime", "nature", "art", "essays"});
constexpr auto kLanguages = std::to_array<std::string_view>({"en", "en", "en", "de", "fr", "es", "it", "pl"});
constexpr auto kSeries = std::to_array<std::string_view>(
    {"The Harbour Chronicles", "Inspector Lindqvist", "A Field Guide to", "Tales from the Weir"});

Value time(Time at)
{
    return {Timestamp{at.time_since_epoch().count()}};
}

std::string isbn(Random &random)
{
    auto digits = std::format("978{:09}", random.below(1'000'000'000));
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i)
        sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
    digits += static_cast<char>('0' + (10 - sum % 10) % 10);
    return digits;
}

UuidBytes uuid(Random &random)
{
    UuidBytes bytes{};
    for (auto &byte : bytes)
        byte = static_cast<std::byte>(random.below(256));
    bytes[6] = (bytes[6] & std::byte{0x0F}) | std::byte{0x40};
    bytes[8] = (bytes[8] & std::byte{0x3F}) | std::byte{0x80};
    return bytes;
}

std::string plain(std::string_view name)
{
    std::string letters;
    for (const char letter : name) {
        if (letter >= 'A' && letter <= 'Z')
            letters += static_cast<char>(letter - 'A' + 'a');
        else if (letter >= 'a' && letter <= 'z')
            letters += letter;
    }
    return letters;
}

// ---- Schemas ---------------------------------------------------------------------------------------------------

std::vector<FieldDefinition> branchFields()
{
    const auto place = object({{.path = {{"latitude"}}, .type = type(TypeTag::Float64)},
                               {.path = {{"longitude"}}, .type = type(TypeTag::Float64)}});
    const auto address = object({{.path = {{"street"}}, .type = type(TypeTag::String)},
                                 {.path = {{"zip"}}, .type = type(TypeTag::String)},
                                 {.path = {{"town"}}, .type = type(TypeTag::String)},
                                 {.path = {{"place"}}, .type = place}});
    const auto opening = object({{.path = {{"day"}}, .type = oneOf({"mon", "tue", "wed", "thu", "fri", "sat", "sun"})},
                                 {.path = {{"from"}}, .type = type(TypeTag::String)},
                                 {.path = {{"to"}}, .type = type(TypeTag::String)}});
    return {field({"id"}, TypeTag::Int64, {{ConstraintKind::MinInt64, std::int64_t{1}}}),
            field({"name"}, TypeTag::String, {{ConstraintKind::NotEmpty, {}}}),
            field({"website"}, TypeTag::String, {{ConstraintKind::Url, {}}}),
            field({"address"}, address),
            field({"open"}, listOf(opening)),
            field({"step_free"}, TypeTag::Bool)};
}

std::vector<FieldDefinition> bookFields()
{
    return {field({"isbn"}, TypeTag::String, {{ConstraintKind::Regex, "^97[89][0-9]{10}$"}}),
            field({"title"}, TypeTag::String,
                  {{ConstraintKind::NotEmpty, {}}, {ConstraintKind::MaxLength, std::uint64_t{200}}}),
            field({"authors"}, listOf(type(TypeTag::String))),
            field({"year"}, TypeTag::Int64,
                  {{ConstraintKind::MinInt64, std::int64_t{1450}}, {ConstraintKind::MaxInt64, std::int64_t{2100}}}),
            field({"language"}, oneOf({"en", "de", "fr", "es", "it", "pl"})),
            field({"pages"}, optional(TypeTag::Uint64)),
            field({"price"}, TypeTag::Float64, {{ConstraintKind::MinFloat64, 0.0}}),
            field({"tags"}, listOf(type(TypeTag::String))),
            field({"cover"}, optional(TypeTag::Bytes))};
}

std::vector<FieldDefinition> betterBookFields()
{
    auto fields = bookFields();
    fields.push_back(field({"series"},
                           optional(object({{.path = {{"name"}}, .type = type(TypeTag::String)},
                                            {.path = {{"volume"}}, .type = type(TypeTag::Int64)}}))));
    fields.push_back(field({"rating"}, optional(TypeTag::Float64),
                           {{ConstraintKind::MinFloat64, 0.0}, {ConstraintKind::MaxFloat64, 5.0}}));
    return fields;
}

std::vector<FieldDefinition> memberFields()
{
    return {field({"id"}, TypeTag::Uuid),
            field({"name"}, TypeTag::String, {{ConstraintKind::NotEmpty, {}}}),
            field({"email"}, TypeTag::String, {{ConstraintKind::Email, {}}}),
            field({"phone"}, optional(TypeTag::String)),
            field({"address", "street"}, TypeTag::String),
            field({"address", "zip"}, TypeTag::String,
                  {{ConstraintKind::MinLength, std::uint64_t{4}}, {ConstraintKind::MaxLength, std::uint64_t{10}}}),
            field({"address", "town"}, TypeTag::String),
            field({"joined"}, TypeTag::Timestamp),
            field({"status"}, oneOf({"active", "suspended", "honorary"})),
            field({"newsletter"}, TypeTag::Bool)};
}

std::vector<FieldDefinition> loanFields()
{
    return {field({"id"}, TypeTag::Uint64),
            field({"book"}, TypeTag::String, {{ConstraintKind::Regex, "^97[89][0-9]{10}$"}}),
            field({"member"}, TypeTag::Uuid),
            field({"branch"}, TypeTag::Int64),
            field({"lent"}, TypeTag::Timestamp),
            field({"due"}, TypeTag::Timestamp),
            field({"returned"}, optional(TypeTag::Timestamp)),
            field({"status"}, oneOf({"open", "returned", "overdue", "lost"})),
            field({"fee"}, TypeTag::Float64, {{ConstraintKind::MinFloat64, 0.0}})};
}

// ---- The story -------------------------------------------------------------------------------------------------

struct Book {
    std::string isbn;
    RowValues row;
};

struct Member {
    UuidBytes id;
    RowValues row;
};

struct Loan {
    RowValues row;
    Time lent;
};

class Library {
public:
    explicit Library(DatabaseWriter &writer) : m_writer(writer) { }

    /// All calls go to the writer, and the first that fails is what is returned.
    Result<void> tell()
    {
        found();
        thinkAgain();
        import();
        for (std::size_t i = 0; i < kMembers; ++i) {
            join();
            visit(m_random.below(5));
            if (i % 3 == 2)
                takeBack();
        }
        importTwice();
        moveAway();
        keep(m_writer.checkpoint());

        buyBooks();
        while (rows() < kRows) {
            visit(std::min(kRows - rows(), 1 + m_random.below(5)));
            if (m_random.oneIn(2))
                takeBack();
            if (m_random.oneIn(20))
                changePrices();
        }
        return m_error ? Result<void>(std::unexpected(*m_error)) : Result<void>();
    }

private:
    template <class T>
    void keep(const Result<T> &result)
    {
        if (!result && !m_error)
            m_error = result.error();
    }
    template <class T>
    T idOf(const Result<T> &result)
    {
        keep(result);
        return result.value_or(T{});
    }
    void write(std::uint32_t collection, const RowValues &row) { keep(m_writer.write(collection, row)); }
    [[nodiscard]] std::size_t rows() const
    {
        return kTowns.size() + m_books.size() + m_members.size() + m_loans.size();
    }
    std::string oneOf(const auto &words) { return std::string(m_random.of(words)); }
    // One draw at a time, as the order in which arguments are evaluated is the compiler's.
    std::string person()
    {
        const auto first = oneOf(kFirstNames);
        return std::format("{} {}", first, oneOf(kLastNames));
    }
    std::string street()
    {
        const auto number = 1 + m_random.below(120);
        return std::format("{} {}", number, oneOf(kStreets));
    }
    std::string title()
    {
        if (m_random.oneIn(4))
            return std::format("A Short History of {}", oneOf(kSubjects));
        const auto pattern = m_random.below(4);
        const auto noun = oneOf(kNouns);
        switch (pattern) {
        case 0:
            return std::format("The {} {}", oneOf(kAdjectives), noun);
        case 1:
            return std::format("The {} of the {}", noun, oneOf(kNouns));
        case 2:
            return std::format("{} {}", oneOf(kAdjectives), noun);
        default:
            return std::format("The {} in {}", noun, m_random.of(kTowns).name);
        }
    }
    /// Some time goes by.
    Time later(std::chrono::microseconds most)
    {
        m_now += std::chrono::microseconds(m_random.between(most.count() / 8, most.count()));
        return m_now;
    }

    void found()
    {
        m_branchesId = idOf(m_writer.createCollection("branches", branchFields(), {}, "id"));
        m_booksId = idOf(m_writer.createCollection("books", bookFields(),
                                                   {index("by_title", {"title"}), index("by_year", {"year"})}, "isbn"));
        m_membersId = idOf(m_writer.createCollection(
            "members", memberFields(), {unique("by_email", {"email"}), index("by_town", {"address", "town"})}, "id"));
        m_loansId = idOf(m_writer.createCollection(
            "loans", loanFields(), {index("by_member", {"member"}), index("by_status", {"status"})}, "id"));
        keep(m_writer.begin());
        for (std::size_t i = 0; i < kTowns.size(); ++i)
            write(m_branchesId, branch(static_cast<std::int64_t>(i) + 1, kTowns[i]));
        keep(m_writer.commit());
    }

    RowValues branch(std::int64_t id, const Town &town)
    {
        const Value place{ObjectValue{{{"latitude", {town.latitude}}, {"longitude", {town.longitude}}}}};
        const Value address{ObjectValue{{{"street", text(street())},
                                         {"zip", text(std::string(town.zip))},
                                         {"town", text(std::string(town.name))},
                                         {"place", place}}}};
        ListValue open;
        for (const auto *day : {"tue", "wed", "thu", "fri", "sat"}) {
            const bool isShort = std::string_view(day) == "sat";
            open.values.push_back({ObjectValue{{{"day", text(day)},
                                                {"from", text(id == 1 ? "09:00" : "10:00")},
                                                {"to", text(isShort ? "13:00" : "18:30")}}}});
        }
        return {{id},
                text(std::format("{} Library", town.name)),
                text(std::format("https://library.example/{}", plain(town.name))),
                address,
                {std::move(open)},
                {id % 3 != 0}};
    }

    /// Schema version 2 of the books, before there are any: the engine reads every record by the current version, and
    /// those of an older one would be wrong from then on.
    void thinkAgain()
    {
        keep(m_writer.changeCollection(
            m_booksId, betterBookFields(),
            {index("by_title", {"title"}), index("by_year", {"year"}), index("by_series", {"series", "name"})}));
    }

    Value series() { return {ObjectValue{{{"name", text(oneOf(kSeries))}, {"volume", {m_random.between(1, 9)}}}}}; }

    Book book()
    {
        auto name = title();
        const bool isSubject = name.starts_with("A Short");
        ListValue authors{{text(person())}};
        while (m_random.oneIn(isSubject ? 2 : 6))
            authors.values.push_back(text(person()));
        std::set<std::string> tags{isSubject ? "science" : "novel"};
        while (m_random.oneIn(2))
            tags.insert(oneOf(kTags));
        ListValue tagList;
        for (const auto &tag : tags)
            tagList.values.push_back(text(tag));

        auto number = isbn(m_random);
        const auto year = m_random.oneIn(20) ? m_random.between(1890, 1949) : m_random.between(1950, 2022);
        return {.isbn = number,
                .row = {text(number),
                        text(std::move(name)),
                        {std::move(authors)},
                        {year},
                        text(oneOf(kLanguages)),
                        m_random.oneIn(8) ? none() : some({std::uint64_t{80} + m_random.below(620)}),
                        {static_cast<double>(m_random.between(499, 4'999)) / 100},
                        {std::move(tagList)},
                        m_random.oneIn(5) ? some({makeCover(m_random)}) : none(),
                        m_random.oneIn(9) ? some(series()) : none(),
                        m_random.oneIn(3) ? none() : some({static_cast<double>(m_random.between(20, 50)) / 10})}};
    }

    /// The catalogue of before, in one large transaction.
    void import()
    {
        keep(m_writer.begin());
        for (std::size_t i = 0; i < kFirstBooks; ++i) {
            m_books.push_back(book());
            write(m_booksId, m_books.back().row);
        }
        keep(m_writer.commit());
    }

    /// Somebody starts that import again, and gives it up.
    void importTwice()
    {
        keep(m_writer.begin());
        for (std::size_t i = 0; i < 25; ++i)
            write(m_booksId, book().row);
        write(m_booksId, m_books.front().row);
        keep(m_writer.abort());
    }

    void join()
    {
        const auto &town = m_random.of(kTowns);
        const auto first = oneOf(kFirstNames);
        const auto last = oneOf(kLastNames);
        const auto joined = later(hours(36));
        Member member{.id = uuid(m_random), .row = {}};
        const auto email = std::format("{}.{}{}@mail.example", plain(first), plain(last), m_members.size() + 1);
        member.row = {{member.id},
                      text(first + " " + last),
                      text(email),
                      m_random.oneIn(3) ? none() : some(text(std::format("+49 431 {:06}", m_random.below(1'000'000)))),
                      text(street()),
                      text(std::string(town.zip)),
                      text(std::string(town.name)),
                      time(joined),
                      text(m_random.oneIn(50) ? "honorary" : "active"),
                      {m_random.oneIn(2)}};
        m_members.push_back(std::move(member));
        write(m_membersId, m_members.back().row);
    }

    /// Some give a new address, some leave, with all that they have borrowed.
    void moveAway()
    {
        for (std::size_t i = 0; i < 18; ++i) {
            auto &member = m_members[m_random.below(m_members.size())];
            const auto &town = m_random.of(kTowns);
            member.row[4] = text(street());
            member.row[5] = text(std::string(town.zip));
            member.row[6] = text(std::string(town.name));
            write(m_membersId, member.row);
        }
        for (std::size_t i = 0; i < 7; ++i) {
            const auto at = m_random.below(m_members.size());
            const Value id{m_members[at].id};
            keep(m_writer.begin());
            std::erase_if(m_loans, [&](const Loan &loan) {
                const bool isTheirs = loan.row[2] == id;
                if (isTheirs)
                    keep(m_writer.remove(m_loansId, loan.row[0]));
                return isTheirs;
            });
            keep(m_writer.remove(m_membersId, id));
            keep(m_writer.commit());
            m_members.erase(m_members.begin() + static_cast<std::ptrdiff_t>(at));
        }
    }

    /// Somebody takes so many books home.
    void visit(std::size_t books)
    {
        const auto member = m_random.of(m_members).id;
        const auto branch = m_random.between(1, std::int64_t{kTowns.size()});
        later(hours(9));
        keep(m_writer.begin());
        for (; books > 0; --books)
            lend(member, branch);
        keep(m_writer.commit());
    }

    void lend(const UuidBytes &member, std::int64_t branch)
    {
        const auto lent = later(minutes(2));
        const auto due = lent + days(28);
        m_loans.push_back({.row = {{std::uint64_t{++m_lastLoan}},
                                   text(m_random.of(m_books).isbn),
                                   {member},
                                   {branch},
                                   time(lent),
                                   time(due),
                                   none(),
                                   text("open"),
                                   {0.0}},
                           .lent = lent});
        write(m_loansId, m_loans.back().row);
    }

    /// A day at the counter: books come back, others are missed.
    void takeBack()
    {
        keep(m_writer.begin());
        for (std::size_t i = 0; i < 6; ++i) {
            auto &loan = m_loans[m_random.below(m_loans.size())];
            if (loan.row[7] != text("open") && loan.row[7] != text("overdue"))
                continue;
            const auto late = std::max(m_now - (loan.lent + days(28)), std::chrono::microseconds(0));
            const auto weeks = late / days(7);
            if (m_random.oneIn(60)) {
                loan.row[7] = text("lost");
                loan.row[8] = {25.0};
            } else if (late.count() > 0 && loan.row[7] == text("open") && m_random.oneIn(3)) {
                loan.row[7] = text("overdue");
                loan.row[8] = {0.5 * static_cast<double>(weeks)};
            } else {
                loan.row[6] = some(time(later(minutes(20))));
                loan.row[7] = text("returned");
                loan.row[8] = {0.5 * static_cast<double>(weeks)};
            }
            write(m_loansId, loan.row);
        }
        keep(m_writer.commit());
    }

    void buyBooks()
    {
        for (std::size_t i = 0; i < kLaterBooks; ++i) {
            auto bought = book();
            bought.row[3] = {m_random.between(2022, 2023)};
            m_books.push_back(std::move(bought));
            write(m_booksId, m_books.back().row);
        }
        for (std::size_t i = 0; i < 12; ++i) { // worn out
            const auto at = m_random.below(m_books.size());
            keep(m_writer.remove(m_booksId, text(m_books[at].isbn)));
            m_books.erase(m_books.begin() + static_cast<std::ptrdiff_t>(at));
        }
    }

    void changePrices()
    {
        for (std::size_t i = 0; i < 4; ++i) {
            auto &book = m_books[m_random.below(m_books.size())];
            book.row[6] = {static_cast<double>(m_random.between(499, 4'999)) / 100};
            write(m_booksId, book.row);
        }
    }

    DatabaseWriter &m_writer;
    Random m_random{20'230'109};
    std::optional<Error> m_error;
    Time m_now = kOpening + hours(9);
    std::uint32_t m_branchesId = 0;
    std::uint32_t m_booksId = 0;
    std::uint32_t m_membersId = 0;
    std::uint32_t m_loansId = 0;
    std::uint64_t m_lastLoan = 0;
    std::vector<Book> m_books;
    std::vector<Member> m_members;
    std::vector<Loan> m_loans;
};

} // namespace

Result<std::unique_ptr<Store>> writeLibrary(std::unique_ptr<Store> store)
{
    auto writer = DatabaseWriter::create(std::move(store));
    if (!writer)
        return std::unexpected(writer.error());
    return Library(*writer).tell().transform([&writer] { return std::move(*writer).takeStore(); });
}

} // namespace modelvault::sample
