package org.atelier.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.atelier.common.job.JobType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolsTest {
    @Test
    void routesTypesToPools() {
        var pools = Pools.parse("quick=generate; slow = optimize");

        assertThat(pools.names()).containsExactly("quick", "slow");
        assertThat(pools.poolOf(JobType.GENERATE)).contains("quick");
        assertThat(pools.poolOf(JobType.OPTIMIZE)).contains("slow");
        assertThat(pools).hasToString("quick=generate;slow=optimize");
        assertThat(Pools.parse("quick=generate").poolOf(JobType.OPTIMIZE)).isEmpty();
    }

    @Test
    void aStarIsWhatNoOtherPoolServes() {
        assertThat(Pools.parse("edit=*").types()).containsExactlyInAnyOrderElementsOf(JobType.ofWorkers());

        var pools = Pools.parse("rest=*;slow=optimize");
        assertThat(pools.poolOf(JobType.OPTIMIZE)).contains("slow");
        assertThat(pools.types()).containsExactlyInAnyOrderElementsOf(JobType.ofWorkers());
        assertThat(pools.poolOf(JobType.GENERATE)).contains("rest");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            edit                            | no pool=type,type
            Edit=generate                   | no pool=type,type
            edit=paint                      | no job type "paint"
            edit=                           | no job type ""
            edit=grid                       | consist of other jobs
            a=generate;b=generate           | to the pool a and to the pool b
            a=generate;a=optimize           | the pool a twice
            edit=generate;                  | no pool=type,type
            a=*;b=*                         | to the pool a and to the pool b
            a=generate,*                    | no job type "*"
            """)
    void refusesWhatItCannotRead(String text, String message) {
        assertThatThrownBy(() -> Pools.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
