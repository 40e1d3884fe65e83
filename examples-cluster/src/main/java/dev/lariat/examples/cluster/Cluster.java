package dev.lariat.examples.cluster;

import static dev.lariat.Asyncio.toThread;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.IExecutorService;
import com.hazelcast.core.MemberLeftException;
import com.hazelcast.spi.exception.TargetNotMemberException;
import dev.lariat.CancelledError;
import dev.lariat.sync.Semaphore;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Runs work on the members of a Hazelcast cluster, as {@link dev.lariat.Asyncio#toThread} runs it
 * in a thread.
 *
 * <p>Only the loop's thread uses what is in here, so the bookkeeping needs no locks.
 */
final class Cluster {
  /** The name of the executor on every member. */
  static final String EXECUTOR = "work";

  private final HazelcastInstance hazelcast;
  private final IExecutorService executor;
  private final Semaphore slots;
  private final Map<Member, Integer> load = new HashMap<>();
  private final Set<Member> lost = new HashSet<>();
  private int retries;

  /**
   * A cluster that this process is a member or a client of.
   *
   * @param hazelcast this process's access to it
   * @param inFlight how many pieces of work it has at a time; other callers wait
   */
  Cluster(HazelcastInstance hazelcast, int inFlight) {
    this.hazelcast = hazelcast;
    executor = hazelcast.getExecutorService(EXECUTOR);
    slots = new Semaphore(inFlight);
  }

  /**
   * Runs {@code work} on the member that has least to do, and on another one if that member is lost
   * meanwhile. So it is run at least once, and may be run more often.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; the thread that runs the work is
   * interrupted, and the member has said so before this returns. Work that has not begun by then
   * never does.
   *
   * @param <T> the type of the value
   * @param work serializable, and so is its value
   * @return its value
   * @throws ExecutionException around what the work threw
   * @throws IllegalStateException if no member is left
   */
  <T> T call(Callable<T> work) throws ExecutionException {
    return slots.withPermit(() -> {
      while (true) {
        Member member = idlest();
        try {
          return callOn(member, work);
        } catch (ExecutionException failed) {
          if (!isLoss(failed)) {
            throw failed;
          }
          lost.add(member); // one that comes back is another member
          retries++;
        }
      }
    });
  }

  private <T> T callOn(Member member, Callable<T> work) throws ExecutionException {
    Future<T> remote = executor.submitToMember(work, member);
    load.merge(member, 1, Integer::sum);
    try {
      return toThread(() -> outcome(remote)); // a virtual thread: it costs little to wait in one
    } catch (CancelledError cancelled) {
      toThread(() -> cancel(remote)); // that waits, too: for the member's answer
      throw cancelled;
    } finally {
      load.merge(member, -1, Integer::sum);
    }
  }

  private static <T> T outcome(Future<T> remote) throws ExecutionException {
    try {
      return remote.get();
    } catch (InterruptedException cancelled) {
      throw new CancellationException(); // nobody waits any more
    }
  }

  private static void cancel(Future<?> remote) {
    try {
      remote.cancel(true);
    } catch (HazelcastException lost) {
      // the member, and with it the work
    }
  }

  private Member idlest() {
    return hazelcast.getCluster().getMembers().stream()
        .filter(member -> !member.isLiteMember() && !lost.contains(member))
        .min(Comparator.comparing(member -> load.getOrDefault(member, 0)))
        .orElseThrow(() ->
            new IllegalStateException(
                "no member is left to do the work: start one, and try again"));
  }

  /** Whether the member was lost, or was about to leave, rather than the work failed. */
  private static boolean isLoss(ExecutionException failed) {
    Throwable why = failed instanceof MemberLeftException ? failed : failed.getCause();
    return why instanceof MemberLeftException
        || why instanceof TargetNotMemberException
        || why instanceof HazelcastInstanceNotActiveException;
  }

  /** {@return how often work was given to another member} */
  int retries() {
    return retries;
  }
}
