#pragma once

#include "inspected.h"

#include <ostream>
#include <string>
#include <string_view>

namespace modelvault::inspect {

/// What there is to say of a database may be more than fits in memory: written piece by piece.
class JsonWriter {
public:
    explicit JsonWriter(std::ostream &out) : m_out(out) { m_out << "{\n"; }
    ~JsonWriter() { m_out << "\n}\n"; }
    JsonWriter(const JsonWriter &) = delete;
    JsonWriter &operator=(const JsonWriter &) = delete;

    /// A key of the object that is being written; its value comes next.
    void key(std::string_view name)
    {
        separate();
        m_out << compact(std::string(name)) << ':';
        m_first = true;
    }
    void value(const Json &json)
    {
        separate();
        m_out << compact(json);
        m_first = false;
    }
    void value(std::string_view name, const Json &json)
    {
        key(name);
        value(json);
    }
    void open(char bracket)
    {
        separate();
        m_out << bracket;
        m_first = true;
    }
    void close(char bracket)
    {
        m_out << bracket;
        m_first = false;
    }

private:
    void separate()
    {
        if (!m_first)
            m_out << ",\n";
        m_first = false;
    }

    std::ostream &m_out;
    bool m_first = true; // nothing stands before what comes next
};

} // namespace modelvault::inspect
