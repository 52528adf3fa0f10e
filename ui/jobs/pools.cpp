#include "jobs/pools.h"

#include <QThread>

#include <algorithm>

namespace modelvault::ui {
namespace {

class Pool : public QThreadPool {
public:
    explicit Pool(int threads)
    {
        setMaxThreadCount(threads);
        setThreadPriority(QThread::LowPriority);
    }
};

} // namespace

QThreadPool &scanPool()
{
    static Pool pool(2);
    return pool;
}

QThreadPool &lentPool()
{
    static Pool pool(std::max(QThread::idealThreadCount() - 1, 1));
    return pool;
}

QThreadPool &searchPool()
{
    static Pool pool(2);
    return pool;
}

QThreadPool &checkPool()
{
    static Pool pool(2);
    return pool;
}

QThreadPool &filePool()
{
    static Pool pool(4);
    return pool;
}

} // namespace modelvault::ui
