#include "models/file_check.h"

#include "jobs/pools.h"
#include "jobs/told_progress.h"

#include <QPromise>
#include <QtConcurrentRun>

#include <algorithm>
#include <utility>

namespace modelvault::ui {
namespace {

std::shared_ptr<const FindingMarks> scanFindings(const Snapshot *snapshot)
{
    auto report = std::make_shared<CheckReport>();
    if (snapshot != nullptr) {
        for (const auto &finding : snapshot->findings)
            report->findings.push_back({.what = finding});
        report->dropped = snapshot->findingCount() - snapshot->findings.size();
    }
    return std::make_shared<const FindingMarks>(std::move(report));
}

} // namespace

FileCheck::FileCheck(QObject *parent) : QObject(parent), m_findings(scanFindings(nullptr))
{
    connect(&m_check, &QFutureWatcherBase::finished, this, [this] {
        if (m_check.future().resultCount() > 0)
            take(m_check.result());
    });
    connect(&m_check, &QFutureWatcherBase::progressValueChanged, this, [this](int value) {
        m_share = toldShare(value);
        Q_EMIT progressed();
    });
}

FileCheck::~FileCheck()
{
    m_check.cancel();
}

void FileCheck::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot, bool isScanned)
{
    if (m_store == store && m_snapshot == snapshot && m_isScanned == isScanned)
        return;
    const bool isOther = m_store != store || m_snapshot != snapshot;
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    m_isScanned = isScanned;
    if (isOther) {
        drop();
        m_error.reset();
        m_findings = scanFindings(m_snapshot.get());
        setState(m_isWanted && m_snapshot ? State::Waiting : State::Scan);
        Q_EMIT findingsChanged();
    }
    startIfWanted();
}

void FileCheck::run()
{
    if (m_state == State::Running)
        return;
    m_isWanted = true;
    if (m_snapshot && !m_isScanned)
        setState(State::Waiting);
    startIfWanted();
}

void FileCheck::runIfSmall()
{
    m_isWantedIfSmall = true;
    if (m_state == State::Scan)
        startIfWanted();
}

void FileCheck::stop()
{
    m_isWanted = m_isWantedIfSmall = false;
    if (m_state != State::Running && m_state != State::Waiting)
        return;
    drop();
    // What was checked before and begun again still holds.
    setState(m_findings->report().depth == CheckDepth::Full ? State::Done : State::Stopped);
}

void FileCheck::startIfWanted()
{
    if (!m_snapshot || !m_isScanned || !(m_isWanted || (m_isWantedIfSmall && m_snapshot->fileLength() <= kMostUnasked)))
        return;
    drop();
    m_isWanted = true; // a small file may be a large one after a reload
    m_share = 0;
    m_error.reset();
    setState(State::Running);
    m_check.setFuture(
        QtConcurrent::run(&checkPool(), [store = m_store, snapshot = m_snapshot](QPromise<Outcome> &promise) {
            auto report = check(*store, *snapshot, CheckDepth::Full,
                                toldBy(promise, [&promise] { return !promise.isCanceled(); }));
            if (report)
                promise.addResult(Outcome{.findings = std::make_shared<const FindingMarks>(
                                              std::make_shared<const CheckReport>(*std::move(report))),
                                          .error = {}});
            else
                promise.addResult(Outcome{.findings = {}, .error = report.error()});
        }));
}

void FileCheck::take(const Outcome &outcome)
{
    m_error = outcome.error;
    if (outcome.findings)
        m_findings = outcome.findings;
    setState(outcome.findings ? State::Done : State::Failed);
    if (outcome.findings)
        Q_EMIT findingsChanged();
}

void FileCheck::drop()
{
    m_check.cancel();
    m_check.setFuture(QFuture<Outcome>());
}

void FileCheck::setState(State state)
{
    m_state = state;
    Q_EMIT progressed();
}

} // namespace modelvault::ui
