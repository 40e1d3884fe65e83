package dev.lariat.process;

import org.junit.jupiter.api.extension.ExtendWith;

/** The same where the poller has no pipes. */
@ExtendWith(PumpThreads.class)
class PumpsEndTest extends ChildrenEndTest {}
