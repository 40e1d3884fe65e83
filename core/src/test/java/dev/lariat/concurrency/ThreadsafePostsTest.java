package dev.lariat.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Asyncio;
import dev.lariat.EventLoop;
import dev.lariat.Handle;
import dev.lariat.host.Poller;
import dev.lariat.host.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other threads and the loop, at full speed. Real time: threads have no other. */
@DisplayName("Posts from other threads")
@Timeout(60)
class ThreadsafePostsTest {
  private static final int THREADS = 8;
  private static final int POSTS = 100_000;

  /** For threads that hand over to each other, which is slow where the cores are too few. */
  private static final Duration ENOUGH = Duration.ofSeconds(5);

  @Test
  @DisplayName(
      "8 threads x 100,000 callSoonThreadsafe: none is lost, each thread's run in order (LOOP-11)")
  void noneIsLost() throws Exception {
    EventLoop loop = Asyncio.newEventLoop();
    int[] next = new int[THREADS];
    int[] outOfOrder = {0};
    int[] ran = {0};
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      threads.add(
          new Thread(() -> {
            for (int i = 0; i < POSTS; i++) {
              int number = i;
              loop.callSoonThreadsafe(() -> {
                if (next[thread]++ != number) {
                  outOfOrder[0]++;
                }
                if (++ran[0] == THREADS * POSTS) {
                  loop.stop();
                }
              });
            }
          }));
    }
    threads.forEach(Thread::start);
    loop.runForever();
    for (Thread thread : threads) {
      thread.join();
    }
    loop.close();
    assertThat(ran[0]).isEqualTo(THREADS * POSTS);
    assertThat(outOfOrder[0]).isZero();
  }

  @Test
  @DisplayName("one post at a time to an idle loop, 20,000 times: none is overslept")
  void noWakeUpIsLost() throws Exception {
    EventLoop loop = Asyncio.newEventLoop();
    Thread runner = new Thread(loop::runForever);
    runner.start();
    for (int i = 0; i < 20_000; i++) {
      CountDownLatch ran = new CountDownLatch(1);
      loop.callSoonThreadsafe(ran::countDown);
      ran.await(); // a lost wake-up would be waited for till the time limit
    }
    loop.callSoonThreadsafe(loop::stop);
    runner.join();
    loop.close();
  }

  @Test
  @DisplayName(
      "cancels race with runs: a callback has run before cancel() returns, or never does (LOOP-11)")
  void cancelRaces() throws Exception {
    EventLoop loop = Asyncio.newEventLoop();
    Thread runner = new Thread(loop::runForever);
    runner.start();
    int count = 50_000;
    AtomicIntegerArray runs = new AtomicIntegerArray(count);
    int[] seenAtCancel = new int[count];
    long start = System.nanoTime();
    for (int i = 0; i < count && System.nanoTime() - start < ENOUGH.toNanos(); i++) {
      int number = i;
      Handle handle =
          loop.callSoonThreadsafe(() -> {
            for (int spin = 0; spin < number % 64; spin++) {
              Thread.onSpinWait(); // a callback that takes a while is more likely to be met
            }
            runs.incrementAndGet(number);
          });
      if (i % 3 == 0) {
        Thread.onSpinWait();
      } else if (i % 3 == 1) {
        Thread.yield();
      }
      handle.cancel();
      seenAtCancel[i] = runs.get(i);
    }
    loop.callSoonThreadsafe(loop::stop);
    runner.join();
    loop.close();
    for (int i = 0; i < count; i++) {
      assertThat(runs.get(i)).as("post %d", i).isEqualTo(seenAtCancel[i]).isLessThanOrEqualTo(1);
    }
  }

  @Test
  @DisplayName(
      "close races with posts: each post ran, was cancelled or threw, and just one of these")
  void closeRaces() throws Exception {
    for (int round = 0; round < 100; round++) {
      closeRace();
    }
  }

  @Test
  @DisplayName(
      "a post whose callback ran, and whose loop was closed before the post returned, was taken")
  void closedBehindThePost() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    EventLoop loop = new EventLoop(new HeldWakeup(taken, closed));
    Post post = new Post();
    Thread poster = new Thread(() -> post.to(loop));
    poster.start();
    taken.await();
    loop.stop();
    loop.runForever();
    assertThat(post.runs.get()).isEqualTo(1);
    loop.close();
    closed.countDown();
    poster.join();
    assertThat(post.handle).as("the handle of a post that ran").isNotNull();
    post.check();
    assertThat(post.handle.cancelled()).isFalse();
  }

  /** Holds the poster up between the put and the look whether the loop was closed meanwhile. */
  private record HeldWakeup(CountDownLatch taken, CountDownLatch closed) implements Poller {
    @Override
    public void poll(long nanos) {}

    @Override
    public void wakeup() {
      taken.countDown();
      try {
        closed.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void closeRace() throws InterruptedException {
    EventLoop loop = Asyncio.newEventLoop();
    List<Post> posts = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    AtomicInteger posted = new AtomicInteger();
    for (int t = 0; t < 2; t++) {
      List<Post> mine = new ArrayList<>();
      threads.add(
          new Thread(() -> {
            for (boolean open = true; open; ) {
              Post post = new Post();
              mine.add(post);
              open = post.to(loop);
              posted.incrementAndGet();
            }
            synchronized (posts) {
              posts.addAll(mine);
            }
          }));
    }
    threads.forEach(Thread::start);
    while (posted.get() < 100) {
      loop.stop(); // one iteration
      loop.runForever();
    }
    loop.close();
    for (Thread thread : threads) {
      thread.join();
    }
    for (Post post : posts) {
      post.check();
    }
  }

  /** One post, and what came of it. */
  private static final class Post {
    private final AtomicInteger runs = new AtomicInteger();
    private Handle handle;

    /** Returns false if it was refused. */
    boolean to(EventLoop loop) {
      try {
        handle = loop.callSoonThreadsafe(runs::incrementAndGet);
        return true;
      } catch (IllegalStateException closed) {
        assertThat(closed).hasMessage("Event loop is closed");
        return false;
      }
    }

    void check() {
      if (handle == null) {
        assertThat(runs.get()).as("runs of a post that was refused").isZero();
      } else if (handle.cancelled()) {
        assertThat(runs.get()).as("runs of a post that was cancelled").isZero();
      } else {
        assertThat(runs.get()).as("runs of a post that was taken").isEqualTo(1);
      }
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  @DisplayName("on virtual time, while work is under way: no wake-up is lost (LOOP-11)")
  void virtualTime() {
    int wakeUps = 100_000;
    long start = System.nanoTime();
    VirtualTime time = new VirtualTime();
    time.workStarted();
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (!over.get()) {
            int number = asked.incrementAndGet();
            time.wakeup();
            while (seen.get() < number && !over.get()) {
              Thread.onSpinWait();
            }
          }
        });
    while (seen.get() < wakeUps && System.nanoTime() - start < ENOUGH.toNanos()) {
      time.poll(-1); // a lost one would be waited for till the time limit
      seen.set(asked.get());
    }
    over.set(true);
  }
}
