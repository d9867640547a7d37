package org.atelier.dispatcher.schedule;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.atelier.common.job.JobType;

/** Which pool of workers serves which types of job. */
public final class Pools {
    /** What every worker of a small installation does. */
    public static final String DEFAULT = "edit=*";

    /** In the place of types: all that no other pool serves. */
    private static final String OTHERS = "*";

    /** A pool's name is part of topic names. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final Map<String, List<JobType>> types;
    private final Map<JobType, String> poolByType;

    private Pools(Map<String, List<JobType>> types, Map<JobType, String> poolByType) {
        this.types = types;
        this.poolByType = poolByType;
    }

    /**
     * Reads {@code pool=type,type;pool=type}. One pool may have {@code *} for its types: those that no other pool serves.
     *
     * @throws IllegalArgumentException if it is not that, names an unknown type, or one type twice
     */
    public static Pools parse(String text) {
        var types = new LinkedHashMap<String, List<JobType>>();
        var poolByType = new EnumMap<JobType, String>(JobType.class);
        for (var part : text.split(";", -1)) {
            var halves = part.strip().split("=", -1);
            if (halves.length != 2 || !NAME.matcher(halves[0].strip()).matches()) {
                throw new IllegalArgumentException(
                        "has \"" + part.strip() + "\", which is no pool=type,type (a pool's name has a-z, 0-9 and -)");
            }
            var pool = halves[0].strip();
            var served = halves[1].strip().equals(OTHERS) ? othersThan(text) : types(halves[1]);
            if (types.put(pool, served) != null) {
                throw new IllegalArgumentException("has the pool " + pool + " twice");
            }
            for (var type : served) {
                if (type.isComposite()) {
                    throw new IllegalArgumentException("gives the job type " + type + " to the pool " + pool
                            + ", but its jobs consist of other jobs and no worker runs them");
                }
                var other = poolByType.put(type, pool);
                if (other != null) {
                    throw new IllegalArgumentException(
                            "gives the job type " + type + " to the pool " + other + " and to the pool " + pool);
                }
            }
        }
        return new Pools(types, poolByType);
    }

    /** What the pools of a setting leave that say which types they serve. */
    private static List<JobType> othersThan(String setting) {
        var named = Arrays.stream(setting.split(";", -1))
                .map(part -> part.substring(part.indexOf('=') + 1).strip())
                .filter(types -> !types.equals(OTHERS))
                .flatMap(types -> types(types).stream())
                .collect(Collectors.toSet());
        return JobType.ofWorkers().stream().filter(type -> !named.contains(type)).toList();
    }

    private static List<JobType> types(String text) {
        try {
            return Arrays.stream(text.split(",")).map(String::strip).map(JobType::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has a job type that there is not: " + e.getMessage(), e);
        }
    }

    /** The names of all pools, in the order of the setting. */
    public Set<String> names() {
        return types.keySet();
    }

    /** The pool that runs jobs of a type, or empty if none does. */
    public Optional<String> poolOf(JobType type) {
        return Optional.ofNullable(poolByType.get(type));
    }

    /** The types that some pool runs. */
    public Set<JobType> types() {
        return poolByType.keySet();
    }

    /** As it is written in the setting. */
    @Override
    public String toString() {
        return types.entrySet().stream()
                .map(pool -> pool.getKey() + "=" + pool.getValue().stream().map(JobType::wireName).collect(Collectors
                        .joining(",")))
                .collect(Collectors.joining(";"));
    }
}
