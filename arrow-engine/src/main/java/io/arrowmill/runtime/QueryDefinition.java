package io.arrowmill.runtime;

import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.Trigger;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A streaming query as it was asked for.
 *
 * @param name given by the user, or null
 * @param plan analyzed, not yet optimized
 * @param checkpoint directory of the query's log and state
 * @param checkpointIsTemporary whether the checkpoint goes when the query ends
 * @param lateRowsTable the memory table that late rows are appended to, or null if they are dropped
 */
public record QueryDefinition(
    @Nullable String name,
    LogicalPlan plan,
    OutputMode outputMode,
    Trigger trigger,
    Path checkpoint,
    boolean checkpointIsTemporary,
    @Nullable String lateRowsTable) {}
