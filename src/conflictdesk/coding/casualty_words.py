"""The words by which newspapers tell of people killed, hurt, driven out, held or taken."""

from __future__ import annotations

from typing import Literal

TollMeasure = Literal["deaths", "injured", "displaced", "detained", "abducted", "missing"]
Side = Literal["civilians", "state", "police", "armed", "attackers", "unknown"]


def list_words(text: str) -> frozenset[str]:
    """The words of a line, as a set."""
    return frozenset(text.split())


# Verbs whose object (or passive subject) is the victim.
DEATH_VERBS = list_words(
    "kill slay slain murder assassinate execute massacre slaughter behead decapitate lynch martyr electrocute "
    "butcher exterminate incinerate"
)
INJURY_VERBS = list_words("wound injure hurt maim mutilate")
OTHER_VERBS: dict[str, TollMeasure] = {
    "displace": "displaced", "uproot": "displaced", "evacuate": "displaced", "evict": "displaced",
    "detain": "detained", "arrest": "detained", "apprehend": "detained", "capture": "detained", "jail": "detained",
    "abduct": "abducted", "kidnap": "abducted",
}  # fmt: skip
# Verbs whose subject is the victim.
DYING_VERBS = list_words("die perish succumb drown suffocate")
FLEEING_VERBS = list_words("flee")
# To be shot or stabbed is to be hurt, unless the words go on to say dead.
HITTING_VERBS = list_words(
    "shoot stab knife gun mow hack beat burn bludgeon strike hit cut graze club stone crush trample run trap"
)
SHOOTING_VERBS = list_words("shoot stab knife graze")
MISSILES = list_words("bullet bullets gunfire shrapnel gunshot gunshots round rounds shot shots fragment fragments")

BODY_PARTS = list_words(
    "leg legs arm arms head chest back neck face stomach abdomen shoulder torso eye knee thigh hand foot ankle hip "
    "groin buttocks side jaw"
)

DEAD_WORDS = list_words("dead deceased slain martyred")
HURT_WORDS = list_words("injured wounded hurt maimed")
STATE_WORDS: dict[str, TollMeasure] = {
    **dict.fromkeys(sorted(DEAD_WORDS | {"killed"}), "deaths"),
    **dict.fromkeys(sorted(HURT_WORDS), "injured"),
    "missing": "missing", "displaced": "displaced", "homeless": "displaced", "detained": "detained",
    "abducted": "abducted", "kidnapped": "abducted", "arrested": "detained", "captured": "detained",
}  # fmt: skip

# "the deaths of 13", "13 deaths"
DEATH_NOUNS = list_words(
    "death killing murder assassination execution fatality slaying beheading massacre martyrdom homicide"
)
INJURY_NOUNS = list_words("injury wound burn wounding")
OTHER_NOUNS: dict[str, TollMeasure] = {
    "arrest": "detained", "detention": "detained", "abduction": "abducted", "kidnapping": "abducted",
    "displacement": "displaced",
}  # fmt: skip
COUNTED_DEAD = list_words("fatality death martyr")
BODY_NOUNS = list_words("body corpse remains")
FINDING_VERBS = list_words(
    "recover find retrieve pull discover unearth exhume arrive receive bring transfer uncover extract take see "
    "reach count"
)
FINDERS = list_words("find locate discover see encounter spot meet hear observe notice call respond")
TOLL_VERBS = list_words(
    "rise climb reach stand surpass exceed pass cross jump hit increase grow bring raise revise top soar go update"
)
CARE_VERBS = list_words(
    "take rush transport airlift fly bring admit drive evacuate send move transfer carry hospitalize hospitalise treat"
)
SUFFER_VERBS = list_words("suffer sustain receive have")

UNREAL_HEADS = list_words(
    "threaten plot plan vow try attempt aim intend want seek conspire pledge promise order call urge hope wish "
    "refuse fail decline prepare train warn fear dare offer agree solicit hire tell ask instruct decide need "
    "desire swear able"
)
REAL_HEADS = list_words(
    "say report believe know manage continue appear seem happen turn confirm think find understand allege presume "
    "proceed start begin go use help"
)
DENIAL_VERBS = list_words("deny refute reject dismiss rebut")
SAYING_VERBS = list_words(
    "say report tell announce confirm state claim add note declare estimate write indicate reveal put quote cite "
    "explain allege insist document record"
)


# People, and what newspapers count like people.
CIVILIANS = list_words(
    "civilian child children woman women girl boy baby infant toddler teenager teen student pupil schoolchild "
    "schoolchildren schoolboy schoolgirl villager resident protester protestor demonstrator marcher journalist "
    "reporter "
    "cameraman photographer correspondent worker aid-worker teacher doctor nurse medic paramedic surgeon "
    "passenger pedestrian farmer herder herdsman shepherd fisherman shopkeeper trader merchant vendor customer "
    "shopper worshipper worshiper pilgrim priest pastor imam cleric monk nun bystander passer-by passersby "
    "passerby onlooker mourner refugee migrant displaced wife husband son daughter mother father brother sister "
    "uncle aunt cousin nephew niece grandson granddaughter grandfather grandmother grandchild grandparent parent "
    "sibling twin spouse widow fiancee fiance fiancé fiancée girlfriend boyfriend bride groom fetus mom dad "
    "lawyer judge prosecutor "
    "activist campaigner politician lawmaker legislator mayor councillor councilman senator deputy-mayor minister "
    "candidate diplomat ambassador consul official employee staffer contractor engineer miner labourer laborer "
    "driver motorist cyclist motorcyclist taxi-driver trucker tourist visitor guest patient inmate prisoner "
    "hostage captive detainee commuter traveller traveler spectator fan neighbor neighbour volunteer humanitarian "
    "aid chef cook baker barber butcher mechanic electrician carpenter businessman businesswoman banker clerk "
    "cashier owner manager tenant homeowner householder elder youth youngster adolescent minor pensioner "
    "noncombatant non-combatant evacuee settler kid newborn schoolteacher professor academic scientist singer "
    "artist musician actor player athlete footballer coach writer poet editor blogger translator interpreter"
)
STATE = list_words(
    "soldier troop troops serviceman servicemen servicewoman servicemember sailor marine airman general colonel "
    "major captain lieutenant sergeant corporal conscript recruit reservist paratrooper peacekeeper ranger "
    "commando pilot crewman personnel officer-cadet cadet guardsman trooper legionnaire brigadier admiral"
)
POLICE = list_words(
    "police policeman policemen policewoman officer cop constable gendarme deputy sheriff patrolman detective"
)
ARMED = list_words(
    "militant insurgent rebel fighter terrorist guerrilla jihadist jihadi extremist militiaman militiamen "
    "combatant gangster separatist mercenary paramilitary bandit pirate warlord islamist partisan commander "
    "operative ringleader"
)
ATTACKERS = list_words(
    "attacker assailant gunman gunmen bomber shooter suspect hijacker knifeman raider intruder perpetrator robber "
    "arsonist"
)
# "The army lost 12 men."
LOST_PEOPLE = STATE | POLICE | ARMED | list_words("man woman relative member child son daughter brother life lives")
PEOPLE = list_words(
    "people person member man men human individual adult victim casualty other others leader chief boss head "
    "president king prince aide adviser advisor spokesman spokeswoman bodyguard guard hunter defender survivor "
    "occupant somebody someone one ones life soul dead martyr national citizen compatriot colleague comrade "
    "friend companion foreigner local native expatriate alien tribesman tribesmen sheikh chieftain elder figure "
    "informant informer collaborator spy agent dissident critic opponent supporter loyalist follower believer "
    "christian muslim jew jews hindu sikh yazidi kurd arab turk palestinian israeli syrian iraqi afghan american "
    "russian ukrainian pakistani indian chechen serb croat tutsi hutu rohingya lebanese yemeni saudi somali "
    "nigerian sudanese egyptian libyan filipino colombian mexican female male couple brother-in-law son-in-law "
    "stepson stepdaughter stepfather stepmother half-brother half-sister pair trio duo firefighter fireman "
    "lifeguard dealer thief burglar criminal convict acquaintance roommate classmate employer co-worker coworker "
    "father-in-law mother-in-law veteran representative delegate negotiator envoy inspector rescuer responder "
    "dweller user addict witness technician guide operator nationals"
)
PERSONS = CIVILIANS | STATE | POLICE | ARMED | ATTACKERS | PEOPLE
GROUPS = list_words(
    "family crew group team gang cell household squad unit patrol convoy couple pair party trio duo band generation"
)

# Nouns that numbers may count beside casualty words, and that are no people.
NOT_PEOPLE = list_words(
    "sheep goat cow cattle livestock horse camel dog cat animal bird donkey elephant fish pig chicken buffalo "
    "bull ox deer doe does fawn moose bear wolf coyote turkey calf lamb goose duck pet puppy kitten head house "
    "home building vehicle car truck bus tank drone aircraft plane jet helicopter ship boat vessel missile rocket "
    "shell bomb mortar mine shot round bullet time times attack strike airstrike raid clash incident explosion "
    "blast bombing day week month year hour minute second decade century night morning evening kilometer "
    "kilometre km mile meter metre foot yard acre hectare percent % dollar pound euro ton tonne litre liter "
    "degree count charge case village town city district province area region country state street block hospital "
    "school mosque church market shop store camp base post checkpoint position tunnel weapon gun rifle pistol "
    "handgun grenade launcher depot warehouse bridge road power electricity engine tree crop job hope dream deal "
    "bill plan agreement ceasefire operation mission report source wound injury death page number part half "
    "quarter third statement video photo image picture website address phone apartment room floor story storey "
    "level stage phase gunshot leg arm hand head chest back neck face stomach abdomen shoulder torso eye knee "
    "thigh"
)
# Endings of words for people, and what else ends so.
PERSON_ENDINGS = ("man", "woman", "men", "women", "ist", "ian", "eer", "ster", "er", "or", "ee")
THINGS = list_words(
    "tower power water river computer server helicopter bunker tanker trailer center border weather order number car "
    "plant restaurant pier fever cancer paper letter matter offer mortar motor tractor reactor sector factor door "
    "floor "
    "error terror horror harbor harbour labor labour rumor tumor elevator generator corridor counter shelter container "
    "carrier cruiser launcher freighter trawler steamer quarter theater newspaper deer timber lumber fire air hair "
    "anger hunger danger former summer winter dinner answer cover finger shoulder bladder liver layer boiler "
    "transformer cluster disaster folder locker poster register semester roster monster cyber super "
    "whether after never ever beer career pioneer committee coffee tree fee knee degree "
    "guarantee referee jubilee agreement exterior interior mirror vector color colour minor major senior junior "
    "character chapter master daughter corner manner murder cylinder copper silver leather rubber pepper butter "
    "revolver laughter slaughter encounter chamber bumper trigger holster hangar radar pillar seminar calendar dollar"
)
SINGULAR_PRONOUNS = list_words("he she him her himself herself i me myself someone somebody himself/herself whoever")
PLURAL_PRONOUNS = list_words("they them we us themselves ourselves you these those everyone everybody all most")
