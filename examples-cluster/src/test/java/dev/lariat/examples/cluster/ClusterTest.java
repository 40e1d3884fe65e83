package dev.lariat.examples.cluster;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.Asyncio.toThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Runner;
import dev.lariat.Task;
import dev.lariat.VoidBlock;
import dev.lariat.process.Process;
import dev.lariat.queue.Queue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@link Cluster} on three members in processes of their own, which tell what happens on them. */
class ClusterTest {
  private static final int PIECES = 1000;
  private static final int LIMIT = 100_000_000;
  private static final int SLOTS = 12;

  /** How many pieces run at a time on a member; those are what the tests wait for. */
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  private static Runner runner;
  private static Members members;
  private static HazelcastInstance hazelcast;
  private static final Queue<String> events = new Queue<>();

  @BeforeAll
  static void start() {
    runner = new Runner();
    runner.run(() -> {
      members = new Members();
      members.start(3);
      hazelcast = members.hazelcast();
      EventLoop loop = getRunningLoop();
      Consumer<String> tell = event -> loop.callSoonThreadsafe(() -> events.putNowait(event));
      toThread(() ->
          hazelcast
              .<String>getTopic(Held.EVENTS)
              .addMessageListener(message -> tell.accept(message.getMessageObject())));
      hazelcast
          .getCluster()
          .addMembershipListener(
              new MembershipAdapter() {
                @Override
                public void memberRemoved(MembershipEvent event) {
                  tell.accept(event.getMember().getUuid() + " left");
                }
              });
    });
  }

  @AfterAll
  static void stop() {
    try (Runner last = runner) {
      last.run(() -> members.close());
    }
  }

  /** Runs a test, for two minutes at most: there may be little of the machine. */
  private static void run(VoidBlock<?> test) {
    runner.run(() -> timeout(Duration.ofMinutes(2), test));
  }

  private static Cluster cluster() {
    return new Cluster(hazelcast, SLOTS);
  }

  private static CountPrimes piece(int i) {
    long size = LIMIT / PIECES;
    return new CountPrimes(Math.max(2, i * size), (i + 1) * size);
  }

  /** The primes of every piece, by one sieve over everything. */
  private static long[] expected() {
    BitSet prime = new BitSet(LIMIT);
    prime.set(2, LIMIT);
    for (int i = 2; i * i < LIMIT; i = prime.nextSetBit(i + 1)) {
      for (int multiple = i * i; multiple < LIMIT; multiple += i) {
        prime.clear(multiple);
      }
    }
    long[] counts = new long[PIECES];
    prime.stream().forEach(number -> counts[number / (LIMIT / PIECES)]++);
    return counts;
  }

  private static Set<Member> workers() {
    Set<Member> workers = new HashSet<>(hazelcast.getCluster().getMembers());
    workers.removeIf(Member::isLiteMember);
    return workers;
  }

  /** The UUID of the member that is not one of {@code others}. */
  private static String newcomer(Set<Member> others) {
    Set<Member> workers = workers();
    workers.removeAll(others);
    assertThat(workers).hasSize(1);
    return workers.iterator().next().getUuid().toString();
  }

  /** What the members say of {@link Held}, by another executor: those threads may be held. */
  private static List<Held.Count> counts() throws Exception {
    List<Held.Count> counts = new ArrayList<>();
    for (Member member : workers()) {
      counts.add(
          toThread(() ->
              hazelcast.getExecutorService("asks").submitToMember(new Held.Ask(), member).get()));
    }
    return counts;
  }

  private static int began() throws Exception {
    return counts().stream().mapToInt(Held.Count::began).sum();
  }

  private static void await(String event, int times) {
    for (int seen = 0; seen < times; ) {
      if (events.get().equals(event)) {
        seen++;
      }
    }
  }

  /**
   * Until nothing of a test runs on any member; what runs must still tell that it is interrupted.
   */
  private static void awaitIdle(String test) throws Exception {
    while (counts().stream().anyMatch(count -> count.running() > 0)) {
      await(test + " interrupted", 1);
    }
  }

  @Test
  @DisplayName("A task group fans 1,000 pieces out over the members, and each is counted once")
  void fansOut() {
    run(() -> {
      Cluster cluster = cluster();
      List<Task<Long>> counts = new ArrayList<>();
      taskGroup(group -> {
        for (int i = 0; i < PIECES; i++) {
          CountPrimes piece = piece(i);
          counts.add(group.createTask(() -> cluster.call(piece)));
        }
      });
      assertThat(counts.stream().mapToLong(Task::result).toArray()).isEqualTo(expected());
      assertThat(counts.stream().mapToLong(Task::result).sum()).isEqualTo(5_761_455);
      assertThat(cluster.retries()).isZero();
    });
  }

  @Test
  @DisplayName("Cancelling the group's task interrupts what runs on members, and nothing goes on")
  void cancels() {
    run(() -> {
      int before = began();
      int running = Math.min(THREADS, SLOTS / 3); // on each member; the rest wait there, or here
      Cluster cluster = cluster();
      Task<Void> waiting =
          createTask(() ->
              taskGroup(group -> {
                for (int i = 0; i < PIECES; i++) {
                  group.createTask(() -> cluster.call(new Held("cancels", null, piece(0))));
                }
              }));
      await("cancels began", 3 * running);
      assertThat(counts()).extracting(Held.Count::running).containsOnly(running);
      waiting.cancel();
      assertThatThrownBy(waiting::await).isInstanceOf(CancelledError.class);
      awaitIdle("cancels");
      // Some that waited on a member may have begun when a thread was free, and were interrupted.
      assertThat(began() - before).isBetween(3 * running, SLOTS);
    });
  }

  @Test
  @DisplayName("A cancellation that follows at once does not overtake the work it is for")
  void cancelsAtOnce() {
    run(() -> {
      Cluster cluster = cluster();
      for (int i = 0; i < 300; i++) {
        Task<Long> call = createTask(() -> cluster.call(new Held("at once", null, piece(0))));
        sleep(Duration.ZERO); // it is on its way now
        call.cancel();
        assertThatThrownBy(call::await).isInstanceOf(CancelledError.class);
      }
      awaitIdle("at once");
    });
  }

  @Test
  @DisplayName("A member that is killed half way loses nothing: its pieces are done elsewhere")
  void survives() {
    run(() -> {
      Set<Member> others = workers();
      Process victim = members.start(1).getFirst();
      String uuid = newcomer(others);
      Cluster cluster = cluster();
      List<Task<Long>> counts = new ArrayList<>();
      int[] done = {0};
      taskGroup(group -> {
        for (int i = 0; i < PIECES; i++) {
          Held piece = new Held("survives", uuid, piece(i)); // on the victim it never ends
          counts.add(
              group.createTask(() -> {
                long count = cluster.call(piece);
                if (++done[0] == PIECES / 2) {
                  await("survives began", Math.min(THREADS, SLOTS / 4));
                  victim.kill();
                }
                return count;
              }));
        }
      });
      assertThat(victim.await()).isEqualTo(-9);
      await(uuid + " left", 1);
      assertThat(counts.stream().mapToLong(Task::result).toArray()).isEqualTo(expected());
      assertThat(cluster.retries()).isEqualTo(SLOTS / 4);
    });
  }

  @Test
  @DisplayName("A member whose parent is gone ends by itself")
  void ends() {
    run(() -> {
      Set<Member> others = workers();
      Process member = members.start(1).getFirst();
      String uuid = newcomer(others);
      member.stdin().close(); // as the system does when the parent ends
      assertThat(member.await()).isZero();
      await(uuid + " left", 1);
    });
  }

  @Test
  @DisplayName("What the work throws is the cause of what call throws, and is not tried again")
  void fails() {
    run(() -> {
      Cluster cluster = cluster();
      assertThatThrownBy(() -> cluster.call(new CountPrimes(0, Long.MAX_VALUE)))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(ArithmeticException.class);
      assertThat(cluster.retries()).isZero();
    });
  }

  @Test
  @DisplayName("Without a member that works, the error says so")
  void hasNoMember() {
    run(() -> {
      try (Members none = new Members()) {
        Cluster cluster = new Cluster(none.hazelcast(), SLOTS);
        assertThatThrownBy(() -> cluster.call(piece(0)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("no member is left");
      }
    });
  }

  @Test
  @DisplayName("runInExecutor is for executors of this process: its work cannot be sent")
  void runInExecutor() {
    run(() ->
        assertThatThrownBy(() ->
                getRunningLoop()
                    .runInExecutor(hazelcast.getExecutorService(Cluster.EXECUTOR), piece(0)))
            .isInstanceOf(HazelcastSerializationException.class));
  }
}
