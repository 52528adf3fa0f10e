#include "export/csv_sink.h"

#include "export/csv_line.h"

namespace modelvault {

Result<void> CsvSink::begin(const Collection &collection)
{
    appendCsvNames(m_file.text(), collection.current().fields);
    return m_file.written();
}

Result<void> CsvSink::add(ExportRow row)
{
    appendCsvRow(m_file.text(), row);
    return m_file.written();
}

} // namespace modelvault
