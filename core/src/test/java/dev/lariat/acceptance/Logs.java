package dev.lariat.acceptance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Catches what is logged to {@code dev.lariat} until closed, and keeps it off the console. */
public final class Logs extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("dev.lariat");
  private final boolean usedParents = logger.getUseParentHandlers();
  private final List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());

  public Logs() {
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  /** The messages so far, each with its level: {@code "WARNING Executing ..."}. */
  public List<String> messages() {
    return records().stream().map(record -> record.getLevel() + " " + record.getMessage()).toList();
  }

  /** The messages of one level so far. */
  public List<String> messages(Level level) {
    return records().stream()
        .filter(record -> record.getLevel() == level)
        .map(LogRecord::getMessage)
        .toList();
  }

  public List<LogRecord> records() {
    return List.copyOf(records);
  }

  @Override
  public void publish(LogRecord record) {
    records.add(record);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(usedParents);
  }
}
