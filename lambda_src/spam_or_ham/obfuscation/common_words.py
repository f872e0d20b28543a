"""Common English words, the commonest first: what obfuscated letters may be read as.

Chosen for this project by hand, not counted in the messages it is trained and measured on, so that
a measurement stays one. A word's rank matters only where letters can be read in several ways.
"""

from __future__ import annotations

_WORDS = """
the to you i a and of in is it for that my on me u your be have with are this at or not we but so
do if can will just get up when call now no from all out go by as ok know like good he was what
its im got how am love there time day they want one she want going home send see then her his him
our us an has had been were here more some any who where why about come back think tell need please
free text txt mobile phone reply stop claim prize win won cash new only over off say still make take
today tonight tomorrow week month year morning night happy dear hey hi hello sorry yes later right
too much way well really very next last first work give today keep them would could should did does
don dont cant wont didnt isnt ill ive id youre theyre thats whats hes shes lets ur r n wat wan
number numbers message messages msg msgs service customer chat live per min mins minute minutes
pound pounds pence cost costs rate rates network urgent guaranteed award awarded win winner winners
entry enter draw weekly nokia camera video tone tones ringtone ringtones poly mono polyphonic ring
order orders contact offer offers special holiday box account statement points expires expire code
valid voucher vouchers gift gifts selected attempt attempts land line landline caller calls calling
called operator private national standard tariff tariffs subscribe subscription unsubscribe cancel
dating date dates sexy sex hot girls girl boys boy guys adult xxx singles single meet fun
secret admirer find someone anyone everyone somebody anybody everybody nobody
bank banks card cards credit debit loan loans debt debts money rich income earn profit invest
investment bitcoin crypto wallet password login verify verified verification confirm confirmed
update updates secure security alert suspended locked unusual activity click link links below here
visit website site web online internet email mail address details info information apply applies
terms conditions help join joined member members membership club bonus reward rewards discount sale
deal deals save saving savings cheap price prices buy buyer sell best top great amazing exclusive
limited hurry act fast quick quickly instant instantly immediate immediately delivery deliver
delivered parcel package courier post royal shipping fee fees tax refund rebate pay paid payment
payments due overdue bill bills invoice final notice warning important attention congratulations
congrats lucky lottery lotto jackpot million thousand hundred euro euros dollar dollars sterling
casino bet bets bingo poker slots spin spins viagra pills pill drugs pharmacy medicine weight loss
diet degree university mortgage insurance claims accident compensation entitled ppi injury legal
pics picture pictures photo photos image images movie movies film films music song songs album
download downloads game games play player players football match score team cup final league
ticket tickets concert show shows tour trip trips flight flights hotel hotels travel return
weekend weekends spain london uk england america india york car cars bus train taxi drive driving
home house flat room door school college class classes lesson lessons exam exams study studying
test tests job jobs office boss company business meeting interview plan plans project
lunch dinner breakfast eat eating food drink drinks drinking coffee tea beer wine pizza chicken
sleep sleeping bed wake bath shower tired sick ill pain doctor hospital feel feeling feels
better bad worse worst nice cool fine sure maybe probably actually already always never ever
again soon early late ago before after until since while during between around away near far
mum mom dad mother father brother sister son daughter wife husband baby babe babes kid kids
child children family friend friends mate mates people man men woman women lady ladies person guy
name names life world thing things something anything nothing everything somewhere anywhere
place places city town street road shop shops shopping store stores market bar pub club party
birthday christmas xmas easter valentine valentines wedding anniversary merry wish wishes wishing
hope hoping miss missed missing kiss kisses hug hugs heart sweet sweetie darling honey dearest
beautiful pretty cute lovely handsome wonderful special perfect awesome crazy funny silly stupid
smile laugh cry sad angry mad worry worried worrying care careful trust truth true real lie
ask asked asking answer answers question questions talk talking talked speak speaking said says
told telling tells hear heard listen sound sounds voice word words mean means meant meaning
look looks looking looked watch watching watched seen saw sees read reading write writing wrote
sent sending sends receive received receiving get gets getting gotten give gives giving gave given
takes taking took taken bring brings bringing brought came coming comes gone goes went leave
leaves leaving left stay staying stayed wait waiting waited start starts started starting begin
finish finished end ends ended stop stopped stops try trying tried use used using uses
put puts putting set turn turned turning open opened close closed closing change changed changes
show shown run running walk walking sit sitting stand standing fall hold holding carry catch
caught reach reached pick picked picking drop dropped lost lose found finding finds meeting met
help helps helped helping let lets letting thank thanks thx thanx welcome excuse pardon
wanna gonna gotta lol haha hehe yeah yep yup nope nah okay oh ah hmm wow omg oops
big small little large long short high low old young early full half whole same different other
another each every both few many most more less least lot lots plenty enough bit
two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred
second third once twice times hour hours hr hrs days weeks months years yesterday afternoon evening
monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
january february march april may june july august september october november december
jan feb mar apr jun jul aug sep sept oct nov dec am pm
red blue green black white yellow pink colour color dark light bright
water rain snow cold warm weather hot summer winter spring autumn
hand hands head face eye eyes hair body leg legs foot feet mouth tongue lips skin
dog dogs cat cats bird fish horse animal animals
computer laptop pc pcs software windows internet wifi email emails app apps facebook
user users id pin pins sim handset handsets bluetooth motorola samsung sony ericsson
iphone android orange vodafone virgin mobiles phones colour camcorder latest upgrade upgraded
extra unlimited anytime texts minutes double rental inclusive network networks
digital dvd cd cds mp tv channel channels radio news paper book books magazine
opt optout reply replies replying txting texting texted texts quiz questions trivia
age ages over eighteen years only yr yrs wk wks wkly mth mths pls plz gud
charge charged charges charging receive premium normal operator rental po
content services ltd plc inc com www http https org net co
horny naughty naked nude dirty fantasy fantasies wild hardcore flirt lonely romance romantic
joke jokes logo logos wallpaper graphics icon fancy crazy frog
collect collection collected delivered tel fax ref reference unredeemed redeem redeemed identifier
identified auction auctions bid bids bidding
mobile matches matched profile profiles register registered registration reg optin
congratulation goto todays comp competition competitions
rules apply std ntt applied details available availability
able accept access across add added admit advice afraid agree agreed air alive allow allowed almost
alone along also although among amount annoying apart apparently appear apologise appointment
appreciate area arent arrange arranged arrive arrived arriving arm art asap aunt aunty auto avoid
awake aware awful bag bags balance ball based basic basically beach bear became because
become becoming began behind being believe belong beside bless blessed blessing blood board boat
book booked booking bored boring born borrow bother bottle bought boyfriend brain brand break
breaking breath broke broken bro buddy build building built burn busy button buying camp
cake campus cancelled cannot cause chance chances character charity check checked checking cheer
cheers chinese chocolate choice choose church cinema clean clear clearly clock clothes cloud
colleague comes common complete completely complimentary confidence congrats connect connection
consider control cook cooking copy correct couldnt count country couple course cover cream create
cross cut daily damn dance danger dead death december decide decided decision deep definite
definitely depends dick die died difference difficult difficulty direct directly disturb
divorce doesnt doing done dont doubt down dream dreams dress drinks driver drug drunk dry
each ear earlier earth easily east easy eating egg either electricity else
empty energy engine english enjoy enjoyed enjoying entire especially even event eventually
exact exactly excellent except excited exercise expect expected expecting expensive experience
explain express eyed fact fail failed fair faith fake false famous fantastic fat fault favour
favourite fee feed feelings fell felt fetch field fight figure file files fill finally
fire firm fit fix flirting floor flow flower flowers fly follow followed following fool force
forever forget forgot forgotten form forward forwarded friendship front fuck fucking
fuel future garden gas gave gay general gently german girlfriend glad glass goal god
gold goodbye goodmorning goodnight goodness gossip grand great ground group grow guarantee
guess guide gym habit hadnt hall hang happen happened happening happiness hard hardly
hate havent having health hell hence hide hill hit hold hole honest honestly hopefully
hostel however huge human hungry hurt hurts ice idea ideas ignore imagine improve include included
includes including india indian inform inside instead interested interesting invite invited
ipod issue issues item items jacket jay joining joking joy juice jump june keeping keeps key
kick kill kind kinda king kitchen knew knowing known knows lady laid land language
laptop large late laughing law laying lazy lead leading learn learned leaving letter
letters level library license lift likely likes liked line lines list listening literally living
loads local location log logging long longer loss loud lovable loved lover loves loving lower
lucky lying machine madam made main major makes making male manage manager map
mark marriage married marry master matter meal meet member memories memory mention
menu mid middle might mile miles milk mind mine miracle mistake model moment moms mood moon
move moved moving mummy murder must myself nature near necessarily necessary neck
needs neither nervous nite noon nor north note notes noticed
obviously occasion offered official often oil onto operate opinion opportunity option options others
otherwise outside own owner pack page parents park parking part particular partner pass passed
past path patient peace peaceful perhaps period phoned physical piece pig pls pocket
point police poor possible possibly pounds power practice pray prefer prepare prepared
present press previous pro problem problems process promise promised proof proper properly
proud prove public pull purpose purse push quality queen quiet quit quite race
rather ray ready reading realise realised realize reason reasons recent recently record
regards related relation relax remain remember remembered remind reminder remove removed rent
report request require required respond response rest result results ride ringing
rise rock roommate rose round rule rush sad safe safely salary sake same sat scared scary
search sea seat seems seem seeing self semester sense separate series serious seriously
service seven several shall share shell shes shirt shit shoes shopping shouldnt shut side sigh
sign signed silent simple simply sing single sir sis sister situation size skip sky slap slave
slept slow slowly smoke smoking smoke smooth social soft sold solve somehow sometime
sometimes sooner sort soul soup south space spare spend spending spent spoke spoken
sport sports spot staff star stars station statement stick stock stomach stopped story straight
stranger strange strong student students stuff style sub success successful such suddenly
sugar suggest summer sun sunshine super supper support suppose supposed surely surprise swing
system table talent talking tape taste teach teacher tear tears tech term test than thanks
their themselves theory these thinking thinks thk tho those though thought thoughts thousands
thru throw throat thursday till tired titles together toilet tomo tone tonite took tooth topic
total totally touch touched towards town toy track trade traffic training transfer
treat treated treat tree trouble truck truly tv twelve two type typical ugh ultimate
uncle under understand understanding understood unable unless upset upto upstairs usual usually
uni unit value various version via vegas view village visit visiting vote wall wallet
wanted wanting wants war warm wasnt waste wat watching water wear wearing web
weed weird wen went west wet whatever whenever whether which wherever whole whom whose
wil willing window winning wishing within without wont wonder wondering wonderful
worked working works worth wouldnt wow write wrong yay yahoo yet yoga young
yours yourself yup zero
"""
COMMON_WORDS = tuple(dict.fromkeys(_WORDS.split()))
