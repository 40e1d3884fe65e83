package dev.lariat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives each task values of its own for chosen thread-locals, which all tasks of a loop would share
 * otherwise: a logging context, say. Set by {@link EventLoop#setTaskLocals}.
 *
 * <p>A task begins with its creator's values, takes its own along through every await, and leaves
 * the loop's as they were. Where the choice is yours, use a {@link dev.lariat.context.ContextVar}
 * or a {@link ScopedValue}: they need none of this.
 *
 * <p><i>Thread</i>: the loop's.
 */
public interface TaskLocals {
  /**
   * Reads the values as they are now.
   *
   * @return what {@link #restore} understands
   */
  Object capture();

  /**
   * Puts values back.
   *
   * @param values what {@link #capture} returned
   */
  void restore(Object values);

  /**
   * The values of some thread-locals.
   *
   * @param locals which
   * @return what carries them
   */
  static TaskLocals of(ThreadLocal<?>... locals) {
    @SuppressWarnings("unchecked") // a value goes back to where it came from
    List<ThreadLocal<@Nullable Object>> all =
        List.of((ThreadLocal<@Nullable Object>[]) locals.clone());
    return new TaskLocals() {
      @Override
      public Object capture() {
        return all.stream().map(ThreadLocal::get).toArray();
      }

      @Override
      public void restore(Object values) {
        @Nullable Object[] each = (@Nullable Object[]) values;
        for (int i = 0; i < each.length; i++) {
          all.get(i).set(each[i]);
        }
      }
    };
  }
}
